"""Commands that care for what was brought: status, runs, doctor, db, archive, quarantine, reparse."""
