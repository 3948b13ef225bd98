"""Backups (sao lưu): the database and the vault as of one moment, and a manifest that proves them."""
