"""The closed list of causes, each with who is charged for it unless the contract says otherwise."""

from collections.abc import Mapping
from enum import StrEnum


class Charge(StrEnum):
    """Who bears an outage of a cause by default; an exclusion still needs its document."""

    ISP = "isp"
    NOT_ISP = "not_isp"
    CONTRACT = "contract"
    """The contract must say; until it does, it is the ISP."""
    NEVER = "never"


class Cause(StrEnum):
    """Codes in the offices' own words."""

    LISTRIK_PLN = "listrik_pln"
    LISTRIK_LOKASI = "listrik_lokasi"
    FO_PUTUS = "fo_putus"
    RESTART = "restart"
    """The device restarted, by power, by itself or by hand: charged until somebody has verified why."""
    ONT_HANG = "ont_hang"
    AKTIVASI_TERTUNDA = "aktivasi_tertunda"
    ISOLIR = "isolir"
    PENCURIAN = "pencurian"
    VANDALISME = "vandalisme"
    CUACA_RADIO = "cuaca_radio"
    TOPOGRAFI = "topografi"
    KABEL_LAUT = "kabel_laut"
    PORTAL_ERROR = "portal_error"
    LELET = "lelet"
    IP_BERUBAH = "ip_berubah"
    PEMANTAU = "pemantau"
    PEMELIHARAAN = "pemeliharaan"
    KAHAR = "kahar"
    BELUM_TERVERIFIKASI = "belum_terverifikasi"

    @property
    def charge(self) -> Charge:
        """Who bears it by default."""
        return _CHARGE[self]


_CHARGE: Mapping[Cause, Charge] = {
    Cause.LISTRIK_PLN: Charge.NOT_ISP,
    Cause.LISTRIK_LOKASI: Charge.NOT_ISP,
    Cause.FO_PUTUS: Charge.ISP,
    Cause.RESTART: Charge.ISP,
    Cause.ONT_HANG: Charge.ISP,
    Cause.AKTIVASI_TERTUNDA: Charge.ISP,
    Cause.ISOLIR: Charge.CONTRACT,
    Cause.PENCURIAN: Charge.NOT_ISP,
    Cause.VANDALISME: Charge.CONTRACT,
    Cause.CUACA_RADIO: Charge.ISP,
    Cause.TOPOGRAFI: Charge.NOT_ISP,
    Cause.KABEL_LAUT: Charge.ISP,
    Cause.PORTAL_ERROR: Charge.CONTRACT,
    Cause.LELET: Charge.CONTRACT,
    Cause.IP_BERUBAH: Charge.NOT_ISP,
    Cause.PEMANTAU: Charge.NEVER,
    Cause.PEMELIHARAAN: Charge.NOT_ISP,
    Cause.KAHAR: Charge.NOT_ISP,
    Cause.BELUM_TERVERIFIKASI: Charge.ISP,
}
