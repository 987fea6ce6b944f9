"""Kills processes that write, and looks for what was lost, halved or doubled."""
