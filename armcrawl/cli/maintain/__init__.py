"""Commands that care for what is stored: status, runs, doctor, recheck, quarantine, reparse, archive, config, db, …"""
