"""Countries: ISO 3166-1 codes, and the names under which the cluster's papers speak of them."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

_TABLE = """
AD AND AE ARE AF AFG AG ATG AI AIA AL ALB AM ARM AO AGO AQ ATA AR ARG AS ASM AT AUT AU AUS AW ABW AX ALA AZ AZE
BA BIH BB BRB BD BGD BE BEL BF BFA BG BGR BH BHR BI BDI BJ BEN BL BLM BM BMU BN BRN BO BOL BQ BES BR BRA BS BHS BT BTN
BV BVT BW BWA BY BLR BZ BLZ CA CAN CC CCK CD COD CF CAF CG COG CH CHE CI CIV CK COK CL CHL CM CMR CN CHN CO COL CR CRI
CU CUB CV CPV CW CUW CX CXR CY CYP CZ CZE DE DEU DJ DJI DK DNK DM DMA DO DOM DZ DZA EC ECU EE EST EG EGY EH ESH ER ERI
ES ESP ET ETH FI FIN FJ FJI FK FLK FM FSM FO FRO FR FRA GA GAB GB GBR GD GRD GE GEO GF GUF GG GGY GH GHA GI GIB GL GRL
GM GMB GN GIN GP GLP GQ GNQ GR GRC GS SGS GT GTM GU GUM GW GNB GY GUY HK HKG HM HMD HN HND HR HRV HT HTI HU HUN ID IDN
IE IRL IL ISR IM IMN IN IND IO IOT IQ IRQ IR IRN IS ISL IT ITA JE JEY JM JAM JO JOR JP JPN KE KEN KG KGZ KH KHM KI KIR
KM COM KN KNA KP PRK KR KOR KW KWT KY CYM KZ KAZ LA LAO LB LBN LC LCA LI LIE LK LKA LR LBR LS LSO LT LTU LU LUX LV LVA
LY LBY MA MAR MC MCO MD MDA ME MNE MF MAF MG MDG MH MHL MK MKD ML MLI MM MMR MN MNG MO MAC MP MNP MQ MTQ MR MRT MS MSR
MT MLT MU MUS MV MDV MW MWI MX MEX MY MYS MZ MOZ NA NAM NC NCL NE NER NF NFK NG NGA NI NIC NL NLD NO NOR NP NPL NR NRU
NU NIU NZ NZL OM OMN PA PAN PE PER PF PYF PG PNG PH PHL PK PAK PL POL PM SPM PN PCN PR PRI PS PSE PT PRT PW PLW PY PRY
QA QAT RE REU RO ROU RS SRB RU RUS RW RWA SA SAU SB SLB SC SYC SD SDN SE SWE SG SGP SH SHN SI SVN SJ SJM SK SVK SL SLE
SM SMR SN SEN SO SOM SR SUR SS SSD ST STP SV SLV SX SXM SY SYR SZ SWZ TC TCA TD TCD TF ATF TG TGO TH THA TJ TJK TK TKL
TL TLS TM TKM TN TUN TO TON TR TUR TT TTO TV TUV TW TWN TZ TZA UA UKR UG UGA UM UMI US USA UY URY UZ UZB VA VAT VC VCT
VE VEN VG VGB VI VIR VN VNM VU VUT WF WLF WS WSM YE YEM YT MYT ZA ZAF ZM ZMB ZW ZWE
"""
_CODES = _TABLE.split()

ALPHA3_BY_ALPHA2: dict[str, str] = dict(zip(_CODES[::2], _CODES[1::2], strict=True))
ALPHA3 = frozenset(ALPHA3_BY_ALPHA2.values())

# Names in es, pt and en, and adjectives (lower case) where they mean nothing else: "inglés", "chino" and "português"
# are languages as well, so they are left out. Names are looked for with their capital: "chile" is a pepper too.
NAMES: dict[str, str] = {
    "ARG": "Argentina; argentino, argentina, argentinos, argentinas, argentinean",
    "BOL": "Bolivia, Bolívia; boliviano, boliviana, bolivianos, bolivianas, bolivian",
    "BRA": "Brasil, Brazil; brasileño, brasileña, brasileños, brasileñas, brasileiro, brasileira, brasileiros, "
    "brasileiras, brazilian",
    "CHL": "Chile; chileno, chilena, chilenos, chilenas, chilean",
    "COL": "Colombia, Colômbia; colombiano, colombiana, colombianos, colombianas, colombian",
    "CRI": "Costa Rica; costarricense, costarricenses, costa-riquenho, costa rican",
    "CUB": "Cuba; cubano, cubana, cubanos, cubanas, cuban",
    "DOM": "República Dominicana, Dominican Republic",
    "ECU": "Ecuador, Equador; ecuatoriano, ecuatoriana, ecuatorianos, ecuatorianas, equatoriano, equatoriana, "
    "equatorianos, equatorianas, ecuadorian",
    "SLV": "El Salvador; salvadoreño, salvadoreña, salvadoreños, salvadoreñas, salvadorenho, salvadoran",
    "GTM": "Guatemala; guatemalteco, guatemalteca, guatemaltecos, guatemaltecas, guatemalan",
    "HND": "Honduras; hondureño, hondureña, hondureños, hondureñas, hondurenho, honduran",
    "MEX": "México, Mexico, Estados Unidos Mexicanos, United Mexican States; mexicano, mexicana, mexicanos, mexicanas, "
    "mexican",
    "NIC": "Nicaragua, Nicarágua; nicaragüense, nicaragüenses, nicaraguan",
    "PAN": "Panamá, Panama; panameño, panameña, panameños, panameñas, panamenho, panamanian",
    "PRY": "Paraguay, Paraguai; paraguayo, paraguaya, paraguayos, paraguayas, paraguaio, paraguaia, paraguayan",
    "PER": "Perú, Peru; peruano, peruana, peruanos, peruanas, peruvian",
    "URY": "Uruguay, Uruguai; uruguayo, uruguaya, uruguayos, uruguayas, uruguaio, uruguaia, uruguayan",
    "VEN": "Venezuela; venezolano, venezolana, venezolanos, venezolanas, venezuelano, venezuelana, venezuelan",
    "HTI": "Haití, Haiti; haitiano, haitiana, haitian",
    "JAM": "Jamaica; jamaicano, jamaicana, jamaiquino, jamaican",
    "TTO": "Trinidad y Tobago, Trinidad e Tobago, Trinidad and Tobago, Trinidad & Tobago",
    "GUY": "Guyana, Guiana; guyanés, guyanese",
    "SUR": "Surinam, Suriname; surinamés, surinamese",
    "BLZ": "Belice, Belize; beliceño, belizean",
    "PRI": "Puerto Rico, Porto Rico; puertorriqueño, puertorriqueña, puerto rican",
    "USA": "Estados Unidos, Estados Unidos de América, United States, United States of America, EE. UU., EE.UU., EEUU, "
    "EUA, USA, U.S.A.; estadounidense, estadounidenses, norteamericano, estadunidense, estadunidenses, norte-americano",
    "CAN": "Canadá, Canada; canadiense, canadienses, canadense, canadenses, canadian",
    "ESP": "España, Espanha, Spain",
    "PRT": "Portugal",
    "FRA": "Francia, França, France",
    "DEU": "Alemania, Alemanha, Germany",
    "ITA": "Italia, Itália, Italy",
    "NLD": "Países Bajos, Países Baixos, Holanda, Netherlands, Holland; neerlandés, neerlandesa, holandés, holandesa",
    "BEL": "Bélgica, Belgium; belga, belgas, belgian",
    "CHE": "Suiza, Suíça, Switzerland; suizo, suiza, suizos, suizas, suíço, suíça, swiss",
    "AUT": "Austria, Áustria; austríaco, austriaco, austríaca, austrian",
    "GBR": "Reino Unido, Gran Bretaña, Grã-Bretanha, United Kingdom, Great Britain, UK, U.K.; británico, británica, "
    "británicos, británicas, britânico, britânica, british",
    "IRL": "Irlanda, Ireland, República de Irlanda",
    "SWE": "Suecia, Suécia, Sweden",
    "NOR": "Noruega, Norway",
    "DNK": "Dinamarca, Denmark",
    "FIN": "Finlandia, Finlândia, Finland",
    "POL": "Polonia, Polônia, Polónia, Poland",
    "CZE": "República Checa, Chequia, Tchéquia, República Tcheca, Czechia, Czech Republic",
    "ROU": "Rumania, Rumanía, Romênia, Roménia, Romania",
    "BGR": "Bulgaria, Bulgária",
    "HUN": "Hungría, Hungria, Hungary",
    "GRC": "Grecia, Grécia, Greece",
    "UKR": "Ucrania, Ucrânia, Ukraine",
    "RUS": "Rusia, Rússia, Russia, Federación de Rusia, Federação Russa, Federación Rusa, Russian Federation",
    "BLR": "Bielorrusia, Belarús, Bielorrússia, Belarus",
    "KAZ": "Kazajistán, Kazajstán, Cazaquistão, Kazakhstan; kazajo, kazaja, kazakhstani",
    "ARM": "Armenia, Armênia, Arménia",
    "KGZ": "Kirguistán, Quirguistão, Kyrgyzstan, República Kirguisa, Kyrgyz Republic",
    "UZB": "Uzbekistán, Uzbequistão, Uzbekistan",
    "TJK": "Tayikistán, Tajiquistão, Tajikistan",
    "AZE": "Azerbaiyán, Azerbaijão, Azerbaijan",
    "TUR": "Turquía, Turquia, Türkiye, Turkey",
    "CHN": "China, República Popular China, República Popular de China, People's Republic of China, "
    "People’s Republic of China, P. R. China",
    "HKG": "Hong Kong",
    "TWN": "Taiwán, Taiwan, Taipéi Chino, Chinese Taipei; taiwanés, taiwanesa, taiwanese",
    "JPN": "Japón, Japão, Japan",
    "KOR": "Corea del Sur, Coreia do Sul, South Korea, República de Corea, República da Coreia, Republic of Korea, "
    "Corea",
    "IND": "India, Índia",
    "IDN": "Indonesia, Indonésia; indonesio, indonesia, indonésio, indonesian",
    "VNM": "Vietnam, Viet Nam, Vietnã, Vietname; vietnamita, vietnamitas",
    "THA": "Tailandia, Tailândia, Thailand",
    "MYS": "Malasia, Malásia, Malaysia; malasio, malasia, malaysian",
    "SGP": "Singapur, Singapura, Cingapura, Singapore; singapurense, singaporean",
    "PHL": "Filipinas, Philippines",
    "AUS": "Australia, Austrália; australiano, australiana, australianos, australianas, australian",
    "NZL": "Nueva Zelanda, Nueva Zelandia, Nova Zelândia, New Zealand; neozelandés, neozelandesa",
    "ARE": "Emiratos Árabes Unidos, Emirados Árabes Unidos, United Arab Emirates, EAU, UAE, Dubái, Dubai; emiratí, "
    "emirati",
    "SAU": "Arabia Saudita, Arabia Saudí, Arábia Saudita, Saudi Arabia; saudí, saudita, sauditas, saudi",
    "QAT": "Catar, Qatar; catarí, qatari",
    "KWT": "Kuwait; kuwaití, kuwaiti",
    "OMN": "Omán, Omã",
    "BHR": "Baréin, Bahréin, Bahrein, Bahrain",
    "ISR": "Israel; israelí, israelíes, israelense, israelenses, israeli",
    "EGY": "Egipto, Egito, Egypt; egipcio, egipcia, egípcio, egyptian",
    "MAR": "Marruecos, Marrocos, Morocco; marroquí, marroquíes, marroquino, moroccan",
    "DZA": "Argelia, Argélia, Algeria; argelino, argelina, algerian",
    "ZAF": "Sudáfrica, África do Sul, South Africa; sudafricano, sudafricana, sul-africano, south african",
    "NGA": "Nigeria, Nigéria",
    "KEN": "Kenia, Quênia, Quénia, Kenya; keniano, keniata, queniano, kenyan",
    "GHA": "Ghana, Gana; ghanés, ghanesa, ghanaian",
    "CIV": "Costa de Marfil, Costa do Marfim, Côte d'Ivoire, Côte d’Ivoire, Ivory Coast",
    "CMR": "Camerún, Camarões, Cameroon",
    "ETH": "Etiopía, Etiópia, Ethiopia; etíope, etíopes, ethiopian",
    "AGO": "Angola; angoleño, angolano, angolana, angolan",
    "MOZ": "Mozambique, Moçambique",
    "PAK": "Pakistán, Paquistão, Pakistan; pakistaní, paquistanês, pakistani",
    "BGD": "Bangladés, Bangladesh; bangladesí, bangladeshi",
    "LKA": "Sri Lanka; esrilanqués, sri lankan",
    "IRN": "Irán, Irã, Irão; iraní, iraníes, iraniano, iranian",
}

# What is said of a union, or of a region, is said of its countries: names; adjectives | countries.
_UNIONS = """
Unión Europea, União Europeia, European Union, UE, EU, Europa, Europe; europeo, europea, europeos, europeas, europeu,
europeia, europeus, europeias, european | AUT BEL BGR CYP CZE DEU DNK ESP EST FIN FRA GRC HRV HUN IRL ITA LTU LUX LVA
MLT NLD POL PRT ROU SVK SVN SWE

AELC, EFTA | CHE ISL LIE NOR

Mercosur, Mercosul | ARG BOL BRA PRY URY

Comunidad Andina, Comunidade Andina, Andean Community; andino, andina, andinos, andinas, andean | BOL COL ECU PER

Alianza del Pacífico, Aliança do Pacífico, Pacific Alliance | CHL COL MEX PER

Centroamérica, América Central, Central America; centroamericano, centroamericana, centroamericanos, centroamericanas,
centro-americano, central american | CRI GTM HND NIC PAN SLV

T-MEC, USMCA, CUSMA, TLCAN, NAFTA, América del Norte, América do Norte, North America | CAN MEX USA

Unión Económica Euroasiática, União Econômica Eurasiática, União Económica Eurasiática, Eurasian Economic Union, UEE,
UEEA, EAEU | ARM BLR KAZ KGZ RUS

Consejo de Cooperación del Golfo, Conselho de Cooperação do Golfo, Gulf Cooperation Council, CCG, GCC, Golfo, Gulf |
ARE BHR KWT OMN QAT SAU

ASEAN, ANSA, Sudeste Asiático, Southeast Asia | IDN MYS PHL SGP THA VNM

RCEP | AUS CHN IDN JPN KOR MYS NZL PHL SGP THA VNM

CPTPP, TPP | AUS CAN CHL GBR JPN MEX MYS NZL PER SGP VNM
"""

LANGUAGES = frozenset({"en", "es", "pt"})
"""Those in which the names are known."""

# Adjectives that are languages as well: they name no country, and speak of one.
SPEAKING: dict[str, str] = {
    "CHN": "chino, china, chinos, chinas, chinês, chinesa, chineses, chinesas, chinese",
    "JPN": "japonés, japonesa, japoneses, japonesas, japonês, japanese",
    "KOR": "coreano, coreana, coreanos, coreanas, korean",
    "RUS": "ruso, rusa, rusos, rusas, russo, russa, russos, russas, russian",
    "FRA": "francés, francesa, franceses, francesas, francês, french",
    "DEU": "alemán, alemana, alemanes, alemanas, alemão, alemã, alemães, alemãs, german",
    "ITA": "italiano, italiana, italianos, italianas, italian",
    "ESP": "español, española, españoles, españolas, espanhol, espanhola, espanhóis, espanholas, spanish",
    "PRT": "portugués, portuguesa, portugueses, portuguesas, português, portuguese",
    "GBR": "inglés, inglesa, ingleses, inglesas, inglês, english",
    "TUR": "turco, turca, turcos, turcas, turkish",
    "POL": "polaco, polaca, polacos, polacas, polonês, polonesa, poloneses, polish",
    "SWE": "sueco, sueca, suecos, suecas, swedish",
    "NOR": "noruego, noruega, noruegos, noruegas, norueguês, norueguesa, norwegian",
    "DNK": "danés, danesa, daneses, danesas, dinamarquês, dinamarquesa, danish",
    "FIN": "finlandés, finlandesa, finlandeses, finlandês, finnish",
    "CZE": "checo, checa, checos, checas, tcheco, tcheca, czech",
    "ROU": "rumano, rumana, rumanos, rumanas, romeno, romena, romanian",
    "BGR": "búlgaro, búlgara, búlgaros, búlgaras, bulgarian",
    "HUN": "húngaro, húngara, húngaros, húngaras, hungarian",
    "GRC": "griego, griega, griegos, griegas, grego, grega, gregos, gregas, greek",
    "UKR": "ucraniano, ucraniana, ucranianos, ucranianas, ukrainian",
    "BLR": "bielorruso, bielorrusa, bielorrusos, bielorrusso, bielorrussa, belarusian",
    "ARM": "armenio, armenia, armenios, armênio, armênia, armenian",
    "IND": "indio, india, indios, indias, indiano, indiana, indianos, indianas, hindú, hindúes, indian",
    "THA": "tailandés, tailandesa, tailandeses, tailandês, thai",
    "IRN": "persa, persas, persian",
}

_COMBINING = re.compile("[\u0300-\u036f]")


def alpha3(value: str) -> str | None:
    """The alpha-3 code that ``value`` means: a code of two or three letters, or a name in es, pt or en."""
    text = value.strip()
    if (code := text.upper()) in ALPHA3:
        return code
    return ALPHA3_BY_ALPHA2.get(code) or _by_name().get(_folded(text).casefold())


def mentions(text: str) -> list[str]:
    """The countries that ``text`` names, in order, once for each time."""
    folded = _folded(text)
    return [_by_name()[match[0].casefold()] for match in _expression().finditer(folded)]


def speaks_of(text: str, country: str) -> bool:
    """Whether ``text`` names one of ``NAMES``, its people, or a union that it belongs to; rather once too often."""
    return _speaking_of(country).search(_folded(text)) is not None


def _folded(text: str) -> str:
    """Without accents: the papers' capitals often have none."""
    if text.isascii():
        return text
    return _COMBINING.sub("", unicodedata.normalize("NFD", text))


@cache
def _by_name() -> dict[str, str]:
    """Folded, lower-case names and adjectives."""
    names: dict[str, str] = {}
    for code, line in NAMES.items():
        for name in line.replace(";", ",").split(","):
            names[_folded(name.strip()).casefold()] = code
    return names


@cache
def _expression() -> re.Pattern[str]:
    return _any_of({form for line in NAMES.values() for form in _forms(line)})


@cache
def _speaking_of(country: str) -> re.Pattern[str]:
    forms = _forms(NAMES[country]) | _forms(";" + SPEAKING.get(country, ""))
    for union in _UNIONS.split("\n\n"):
        names, _, members = union.replace("\n", " ").partition("|")
        if country in members.split():
            forms |= _forms(names)
    return _any_of(forms)


def _forms(line: str) -> set[str]:
    """Names as they are written and in capitals; adjectives as names as well."""
    names, _, adjectives = line.partition(";")
    forms: set[str] = set()
    for name in filter(None, (part.strip() for part in names.split(","))):
        forms |= {_folded(name), _folded(name).upper()}
    for adjective in filter(None, (part.strip() for part in adjectives.split(","))):
        plain = _folded(adjective)
        forms |= {plain, plain.capitalize(), plain.title(), plain.upper()}
    return forms


def _any_of(forms: set[str]) -> re.Pattern[str]:
    longest_first = sorted(forms, key=lambda form: (-len(form), form))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")
