"""Scripts that make the larger tables of `data/seed` from public registers. Run by developers; nothing here is needed to run the bot.

    python -m data.build.gazetteer      data/seed/places.tsv        from GeoNames
    python -m data.build.forms          data/seed/name_forms.uk.tsv and data/seed/name_words.csv, from the names held

Each has `--check`: it writes nothing and fails if the table is not what it would write.
"""
