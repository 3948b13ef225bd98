"""What may happen to a dossier."""
