"""What is marked over the graphs: outages, maintenance, our own blind spells, new configurations and releases."""

OUTAGES = 'max by (alertname, kecamatan, isp) (ALERTS{alertname=~".*Outage|UplinkDown", alertstate="firing"})'
MAINTENANCE = "max by (window) (pantau_maintenance_active == 1)"
BLIND_SPELLS = "max(vantage:unseen:state >= 2)"
RELOADS = "max(changes(pantau_config_last_reload_success_timestamp_seconds[1m])) > 0"
RELEASES = "max by (version) (pantau_build_info) unless on (version) last_over_time(pantau_build_info[1d] offset 5m)"
"""For five minutes; a version that comes back after a stop of less than a day is none."""
