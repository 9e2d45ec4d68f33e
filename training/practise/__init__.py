"""Training on a machine that is lent: recordings packed small here, fitted there with torch alone, finished here."""
