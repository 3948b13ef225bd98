"""Whether database, vault, index and trail still say the same: each module looks at one side, in constant memory."""
