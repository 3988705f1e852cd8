"""sessionconsole: see who is logged in to the booking platform, end what does not belong, and know it is gone."""

__version__ = "0.1.0"
