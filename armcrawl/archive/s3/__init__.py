"""An archive in S3."""
