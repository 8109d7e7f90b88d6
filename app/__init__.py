"""The office: carries out what `workflows/` defines.

From the ground up; a package imports only what stands above it in this list.

    errors, clock           what can go wrong; what time it is
    db, tables, drafts      the database and its one commit(); CSV and XLSX; files half written
    typesetting, sealing    a page of HTML as a PDF, and the seal on it
    audit                   who did or saw what
    web                     what all pages share
    people                  units, persons, roles, sign-in
    records, deadlines      credit records and sanctions; the calendar and the clocks
    notices                 numbers, wording and files of notices
    delivery                outbox, recipients, receipts, proof of service
    cases                   the cases and their steps
    statistics, exchange, administration
    api                     the REST API over the same commands and queries
    worker, demo            background work; the demonstration city
    factory                 puts the parts together
"""
