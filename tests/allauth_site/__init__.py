"""A minimal Django site with django-allauth headless: a platform that nobody here wrote, for tests only."""
