"""Which contract pays for which hotspot, and when: what a bill goes by, whatever ISP serves the hotspot today."""

from pydantic import BaseModel, Field

from pantau.inventory.fields import FROZEN, Amount, Day, Id, Ratio


class Assignment(BaseModel):
    """A hotspot under a contract, for the days from `start` up to, not including, `end`."""

    model_config = FROZEN
    hotspot: Id = Field(description="Id of the hotspot.")
    contract: Id = Field(description="Id of the contract that pays for it.")
    start: Day = Field(description="First day.")
    end: Day | None = Field(None, description="The day after the last; the contract's end where none is given.")
    monthly_fee: Amount = Field(description="Fee of a whole month before PPN, in the currency's smallest units.")
    mbps: float | None = Field(None, gt=0, description="Bandwidth that was ordered, in Mbit/s.")
    sla_ratio: Ratio | None = Field(None, description="Promised availability instead of the contract's, 0 to 1.")
    accepted: Day | None = Field(
        None, description="Day of the signed function test, from which service is measured and paid (default: start)."
    )
    stopped: Day | None = Field(None, description="Day from which service has ended by a signed record.")
