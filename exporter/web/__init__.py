"""The HTTP side: metrics, health, reload and a small page. It shows what it is given and decides nothing."""
