"""What the whole stack costs: Prometheus with Pantau in one scrape, or with blackbox_exporter in 1000."""

import json
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from lab.benchmarks.bench import Bench, Row
from lab.benchmarks.inside import enter
from lab.benchmarks.network import BenchNetwork, city_addresses, wait_until
from lab.benchmarks.peers import blackbox
from lab.benchmarks.peers.pantau import RunningPantau
from lab.benchmarks.usage import cpu_seconds
from pantau.prometheus import PrometheusClient, PrometheusError

HOTSPOTS, INTERVAL_SECONDS = 1000, 15.0
_PORT = 9091


def measure(bench: Bench) -> list[Row]:
    """CPU seconds a minute of prober and Prometheus together, samples and bytes ingested."""
    addresses, seconds = city_addresses(HOTSPOTS), bench.seconds(60, 30)
    bench.tell("Pantau and Prometheus")
    with RunningPantau(bench.network, addresses, INTERVAL_SECONDS, 2.0) as exporter:
        ours = _measure(bench.network, exporter.pid, {"targets": ["127.0.0.1:9810"]}, {}, seconds)
    bench.tell("blackbox_exporter and Prometheus")
    process, inside = blackbox.start(bench.network)
    try:
        probing = {
            "metrics_path": "/probe",
            "params": {"module": ["icmp"]},
            "relabel_configs": [
                {"source_labels": ["__address__"], "target_label": "__param_target"},
                {"source_labels": ["__param_target"], "target_label": "instance"},
                {"target_label": "__address__", "replacement": f"127.0.0.1:{blackbox.PORT}"},
            ],
        }
        theirs = _measure(bench.network, process.pid, {"targets": addresses}, probing, seconds)
    finally:
        process.terminate()
        process.wait()
        inside.shutdown()
    ratio = ours["cpu_seconds_a_minute"] / theirs["cpu_seconds_a_minute"]
    return [{"stack": "pantau", **ours, "ratio": ratio}, {"stack": "blackbox_exporter", **theirs}]


def _measure(network: BenchNetwork, prober: int, targets: dict[str, Any], more: dict[str, Any], seconds: float) -> Row:
    with TemporaryDirectory(prefix="pantau-bench-") as folder:
        job = {"job_name": "hotspots", "static_configs": [targets], **more}
        scraping = {"scrape_interval": f"{INTERVAL_SECONDS:g}s"}
        config = Path(folder) / "prometheus.yml"
        config.write_text(json.dumps({"global": scraping, "scrape_configs": [job]}))  # JSON is YAML
        command = [
            "prometheus",
            f"--config.file={config}",
            f"--storage.tsdb.path={folder}/data",
            f"--web.listen-address=127.0.0.1:{_PORT}",
            "--enable-feature=extra-scrape-metrics",
            "--log.level=error",
        ]
        process = network.start(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        inside = ThreadPoolExecutor(1, initializer=enter, initargs=(network.prober,))
        try:
            wait_until(lambda: inside.submit(_value, "vector(1)").result() == 1, 30, "answer")
            time.sleep(INTERVAL_SECONDS + 5)
            before, began = [cpu_seconds(pid) for pid in (prober, process.pid)], time.monotonic()
            time.sleep(seconds)
            after, passed = [cpu_seconds(pid) for pid in (prober, process.pid)], time.monotonic() - began
            samples, size, up = (
                inside.submit(_value, f"sum({name})").result()
                for name in ("scrape_samples_scraped", "scrape_body_size_bytes", "probe_success or hotspot_up")
            )
        finally:
            process.terminate()
            process.wait()
            inside.shutdown()
    spent = [(late - early) * 60 / passed for early, late in zip(before, after, strict=True)]
    scrapes = 60 / INTERVAL_SECONDS
    return {
        "cpu_seconds_a_minute": sum(spent),
        "prober_cpu_seconds_a_minute": spent[0],
        "prometheus_cpu_seconds_a_minute": spent[1],
        "samples_a_minute": samples * scrapes,
        "bytes_a_minute": size * scrapes,
        "targets_up": up,
    }


def _value(query: str) -> float:
    """The one value of an expression; -1 where there is none, or no answer yet."""
    with PrometheusClient(f"http://127.0.0.1:{_PORT}", 10) as client:
        try:
            found = client.query(query)
        except PrometheusError:
            return -1.0
    return found[0].value if found else -1.0
