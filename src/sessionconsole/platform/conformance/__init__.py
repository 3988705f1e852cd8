"""Whether a booking platform keeps the contract of the Console API (docs/console-api-v1.yaml)."""
