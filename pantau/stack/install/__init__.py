"""`pantau install`: the stack as services of systemd, beside Debian's own Prometheus and Alertmanager.

`units` has the texts, `places` says where things lie below a root, `steps` is what can be done, each with whether it is
done already; `plan` puts them in order, `advice` is what a person has to do. Nothing here is done twice, and nothing of
an operator's is overwritten.
"""
