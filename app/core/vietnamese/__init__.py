"""Vietnamese text, names, numbers and dates: all rules of the language in one place, none of the product.

Pure functions; nothing here reads the clock, the request or the database. Sources: Nghị định 30/2020/NĐ-CP
for official papers, the Unicode collation `vi` for the alphabet, the habit of the North for spoken numbers.
"""

from app.core.vietnamese.dates import (
    LOCAL,
    ZONE_NAME,
    BadDate,
    clock_time,
    deadline_text,
    from_local,
    moment_text,
    official_date,
    parse_date,
    parse_datetime,
    place_and_date,
    short_date,
    to_local,
    weekday,
)
from app.core.vietnamese.lists import clause_letters, roman
from app.core.vietnamese.names import name_sort_key, sort_key
from app.core.vietnamese.numbers import (
    MAX_MONEY,
    BadNumber,
    counted,
    decimal_text,
    money,
    money_in_words,
    number,
    number_in_words,
    parse_money,
    parse_score,
)
from app.core.vietnamese.text import (
    clean_line,
    clean_text,
    file_slug,
    fold,
    is_windows_device,
    nfc,
    upper,
)

__all__ = [
    "LOCAL",
    "MAX_MONEY",
    "ZONE_NAME",
    "BadDate",
    "BadNumber",
    "clause_letters",
    "clean_line",
    "clean_text",
    "clock_time",
    "counted",
    "deadline_text",
    "decimal_text",
    "file_slug",
    "fold",
    "from_local",
    "is_windows_device",
    "moment_text",
    "money",
    "money_in_words",
    "name_sort_key",
    "nfc",
    "number",
    "number_in_words",
    "official_date",
    "parse_date",
    "parse_datetime",
    "parse_money",
    "parse_score",
    "place_and_date",
    "roman",
    "short_date",
    "sort_key",
    "to_local",
    "upper",
    "weekday",
]
