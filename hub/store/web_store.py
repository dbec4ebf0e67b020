"""The survey page's own store: which form became which tap, and the next seq of its answers.

In: a writing connection. Out: tap ids. `lock` comes first: one writer at a time gives seqs and uses forms.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, select, update

from hub.store.schema import forms, stores, taps


def lock(connection: Connection, store_no: int) -> int:
    """Keep other writers out until the transaction ends; return the last seq that was given."""
    query = select(stores.c.claimed_seq).where(stores.c.store_no == store_no).with_for_update()
    return int(connection.execute(query).scalar_one())


def give_upto(connection: Connection, store_no: int, last_seq: int) -> None:
    """Note that seqs up to `last_seq` are given; all of them are taps in this or an earlier transaction."""
    values = {"claimed_seq": last_seq, "upto": last_seq}
    connection.execute(update(stores).where(stores.c.store_no == store_no).values(**values))


def used(connection: Connection, form_ids: Collection[str]) -> dict[str, int]:
    """form_id → tap_id of those forms that were sent before."""
    found = connection.execute(select(forms.c.form_id, forms.c.tap_id).where(forms.c.form_id.in_(form_ids)))
    return {row.form_id: row.tap_id for row in found}


def use(connection: Connection, form_taps: Mapping[str, int], now: int) -> None:
    """Note which tap each form became."""
    rows = [{"form_id": form_id, "tap_id": tap_id, "used_at": now} for form_id, tap_id in form_taps.items()]
    connection.execute(forms.insert(), rows)


def tap_ids(connection: Connection, store_no: int, first: int, last: int) -> dict[int, int]:
    """seq → tap_id of the taps from seq `first` to `last`."""
    query = select(taps.c.seq, taps.c.tap_id).where(taps.c.store_no == store_no)
    return {row.seq: row.tap_id for row in connection.execute(query.where(taps.c.seq.between(first, last)))}
