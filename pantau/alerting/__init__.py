"""Who is told: Alertmanager's configuration, made from a base and the inventory's contacts.

`yaml_file` reads and writes YAML, `base` what an operator writes, `receivers` the people of ISPs and kecamatan,
`sentences` all that a notification says and `word_templates` the same as Alertmanager reads it, `building` the whole
file and what differs from the committed ones; `matchers`, `routing` and `hours` read such a file as Alertmanager does.
`secret_files` knows where tokens lie and which Alertmanager can read them there. `rules/` builds Prometheus' rules;
`explaining/` says why something does or does not page; `testing/` sends one message to see whether it comes. The
package knows the inventory and nothing of probing.
"""

from pantau.alerting.building import build, build_with_secrets, drift, rendered

__all__ = ["build", "build_with_secrets", "drift", "rendered"]
