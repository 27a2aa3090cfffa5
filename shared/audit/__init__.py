"""The audit trail (审计记录): who did, asked or was refused what, sealed so that no change to it goes unnoticed."""
