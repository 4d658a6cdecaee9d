"""The closed lists: what a hotspot serves, how it is connected, in which phase of its life it and its ISP are."""

from typing import Literal

Category = Literal[
    "rt_lingkungan", "pos_kamling", "balai_pertemuan", "kantor_kelurahan", "kantor_kecamatan",
    "kantor_perangkat_daerah", "puskesmas", "pustu_posyandu", "rumah_sakit", "sekolah_paud", "sekolah_sd",
    "sekolah_smp", "sekolah_sma_smk", "perguruan_tinggi", "pasar", "pelelangan_ikan", "pelabuhan", "dermaga",
    "terminal", "taman", "lapangan_olahraga", "objek_wisata_pantai", "rumah_ibadah_gereja", "rumah_ibadah_masjid",
    "rumah_ibadah_lain", "pos_polisi_tni", "monopole_jalan", "kawasan_ekonomi", "lainnya",
]  # fmt: skip
"""The kind of place, in the offices' own words."""

Access = Literal[
    "ftth_gpon", "fo_dedicated", "radio_ptp", "radio_ptmp", "starlink", "vsat", "seluler", "metro",
]  # fmt: skip
"""What carries the hotspot to its ISP."""

HotspotStatus = Literal["planned", "active", "retired"]
"""Only active hotspots are probed."""

IspStatus = Literal["active", "candidate", "ended"]

ContactKind = Literal["email", "telegram", "phone", "webhook"]
