"""Short texts in three languages that say different things."""

COFFEE = """# Vender café tostado en Chile

El importador chileno pide el certificado de origen y una muestra de medio kilo. El café tostado de la partida 0901.21
entra sin arancel. La resolución sanitaria tarda diez días en Valparaíso.
"""

LEATHER = """# Chromium VI in leather gloves

Laboratories in Hamburg reject gloves with more than three milligrams of hexavalent chromium for each kilogram. Ask the
tannery for a test report before the goods are shipped.
"""

FRUIT = """# Manga fresca para o Brasil

O fiscal federal agropecuário exige o certificado fitossanitário e inspeciona as caixas no porto de Santos. Pragas vivas
obrigam a devolver a carga.
"""

ALL = {"coffee.md": COFFEE, "leather.md": LEATHER, "fruit.md": FRUIT}
