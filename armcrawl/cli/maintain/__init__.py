"""Commands that care for what was brought: status, runs, doctor, recheck, remove, quarantine, reparse, archive, config, db."""
