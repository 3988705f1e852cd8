"""The embedded demo platform: a tourism operator that lives on loopback and speaks the Console API."""
