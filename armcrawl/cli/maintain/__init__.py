"""Commands that care for what is stored: status, runs, doctor, recheck, remove, quarantine, reparse, archive, db."""
