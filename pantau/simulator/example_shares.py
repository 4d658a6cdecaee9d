"""What the example hotspots of a city like Bitung are made of: ISPs' shares, kinds of places, known landmarks.

Shares are guesses around what was published of the programme; landmarks are there to make a map readable.
"""

from collections.abc import Mapping

ISP_SHARES: Mapping[str, Mapping[str, float]] = {
    "maesa": {"telkom": 50, "biznet": 30, "icon": 20},
    "madidir": {"telkom": 55, "biznet": 25, "icon": 20},
    "girian": {"telkom": 60, "biznet": 40},
    "matuari": {"telkom": 60, "icon": 40},
    "aertembaga": {"telkom": 75, "icon": 25},
    "ranowulu": {"telkom": 50, "icon": 20, "infotek": 30},
}
"""Of what Indosat and the candidates leave."""
INDOSAT_SHARES = {"maesa": 3.0, "madidir": 3.0, "girian": 3.0, "matuari": 2.0, "aertembaga": 1.0}

PLACES: Mapping[str, tuple[str, float]] = {
    "pos_kamling": ("Pos Kamling", 3.0),
    "balai_pertemuan": ("Balai Pertemuan", 2.0),
    "rumah_ibadah_gereja": ("Gereja", 4.0),
    "rumah_ibadah_masjid": ("Masjid", 2.0),
    "sekolah_sd": ("SD", 3.0),
    "sekolah_paud": ("PAUD", 1.5),
    "sekolah_smp": ("SMP", 1.0),
    "sekolah_sma_smk": ("SMK", 0.6),
    "pustu_posyandu": ("Posyandu", 2.0),
    "puskesmas": ("Puskesmas", 0.5),
    "lapangan_olahraga": ("Lapangan", 1.5),
    "taman": ("Taman", 0.7),
    "pos_polisi_tni": ("Pos Polisi", 0.4),
    "kantor_perangkat_daerah": ("Kantor Dinas", 0.4),
}
"""What any ward may have besides its office and its neighbourhoods, with the names' beginning and a weight."""
LANDMARKS: Mapping[str, tuple[str, str]] = {
    "71.72.01.1004": ("dermaga", "Dermaga Papusungan"),
    "71.72.01.1001": ("objek_wisata_pantai", "Pantai Pasir Panjang"),
    "71.72.03.1012": ("objek_wisata_pantai", "Pantai Batuputih"),
    "71.72.04.1005": ("pelelangan_ikan", "Pelelangan Ikan Aertembaga"),
    "71.72.04.1006": ("objek_wisata_pantai", "Pantai Tandurusa"),
    "71.72.05.1001": ("kawasan_ekonomi", "Kawasan Ekonomi Tanjung Merah"),
    "71.72.06.1007": ("pasar", "Pasar Girian"),
    "71.72.07.1001": ("pasar", "Pasar Bitung Barat"),
    "71.72.07.1004": ("taman", "Taman Kota Bitung Tengah"),
    "71.72.07.1005": ("pelabuhan", "Pelabuhan Bitung"),
    "71.72.08.1002": ("dermaga", "Dermaga Pintukota"),
    "71.72.08.1005": ("objek_wisata_pantai", "Pantai Lirang"),
}
SEATS = {
    "71.72.01.1004",
    "71.72.02.1004",
    "71.72.03.1006",
    "71.72.04.1005",
    "71.72.05.1007",
    "71.72.06.1003",
    "71.72.07.1004",
    "71.72.08.1002",
}
"""A ward of each kecamatan that is given the kecamatan's office."""
