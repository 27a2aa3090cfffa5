"""表彰 honour: those who made a result are proposed for a commendation."""
