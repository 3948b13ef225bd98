"""What of the dossiers waits for a file to be read: bundles are looked through then."""

from documents.reading_ends import follow_reading
from dossiers.operations.bundle import follow_bundle

follow_reading(follow_bundle)
