"""The only SQL of the hub: schema, migrations, one file per noun."""
