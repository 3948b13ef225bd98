"""What may happen to the land register, one module each; every one as the result of a dossier and no other way."""
