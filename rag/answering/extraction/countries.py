"""The countries of the world by their usual names, English and German. Pure data."""

from __future__ import annotations

COUNTRY_HEADS = frozenset("country countries nation nations land länder staat staaten".split())
"""What a question calls them."""

_ONE_WORD = """
Afghanistan Albania Algeria Andorra Angola Argentina Armenia Australia Austria Azerbaijan Bahamas Bahrain Bangladesh
Barbados Belarus Belgium Belize Benin Bhutan Bolivia Botswana Brazil Brunei Bulgaria Burundi Cambodia Cameroon Canada
Chad Chile China Colombia Comoros Congo Croatia Cuba Cyprus Czechia Denmark Djibouti Dominica Ecuador Egypt Eritrea
Estonia Eswatini Ethiopia Fiji Finland France Gabon Gambia Georgia Germany Ghana Greece Grenada Guatemala Guinea Guyana
Haiti Honduras Hungary Iceland India Indonesia Iran Iraq Ireland Israel Italy Jamaica Japan Jordan Kazakhstan Kenya
Kiribati Kosovo Kuwait Kyrgyzstan Laos Latvia Lebanon Lesotho Liberia Libya Liechtenstein Lithuania Luxembourg
Madagascar Malawi Malaysia Maldives Mali Malta Mauritania Mauritius Mexico Micronesia Moldova Monaco Mongolia
Montenegro Morocco Mozambique Myanmar Burma Namibia Nauru Nepal Netherlands Nicaragua Niger Nigeria Norway Oman
Pakistan Palau Palestine Panama Paraguay Peru Philippines Poland Portugal Qatar Romania Russia Rwanda Samoa Senegal
Serbia Seychelles Singapore Slovakia Slovenia Somalia Spain Sudan Suriname Sweden Switzerland Syria Taiwan Tajikistan
Tanzania Thailand Togo Tonga Tunisia Turkey Türkiye Turkmenistan Tuvalu Uganda Ukraine Uruguay Uzbekistan Vanuatu
Venezuela Vietnam Yemen Zambia Zimbabwe England Scotland Wales USA
Albanien Algerien Argentinien Armenien Australien Österreich Aserbaidschan Belgien Bolivien Brasilien Bulgarien
Kambodscha Kamerun Kanada Kolumbien Kroatien Kuba Zypern Tschechien Dänemark Ägypten Estland Äthiopien Finnland
Frankreich Georgien Deutschland Griechenland Ungarn Island Indien Indonesien Irland Italien Jamaika Jordanien
Kasachstan Kenia Lettland Libanon Libyen Litauen Luxemburg Malediven Marokko Mexiko Mongolei Namibia Niederlande
Norwegen Philippinen Polen Rumänien Russland Saudi-Arabien Schottland Schweden Schweiz Serbien Slowakei Slowenien
Spanien Südafrika Südkorea Nordkorea Syrien Tansania Tunesien Türkei Ukraine USA Großbritannien
""".split()
_MORE_WORDS = (
    "Antigua and Barbuda",
    "Bosnia and Herzegovina",
    "Burkina Faso",
    "Cape Verde",
    "Central African Republic",
    "Costa Rica",
    "Côte d’Ivoire",
    "Ivory Coast",
    "Czech Republic",
    "Dominican Republic",
    "East Timor",
    "El Salvador",
    "Equatorial Guinea",
    "Great Britain",
    "Marshall Islands",
    "New Zealand",
    "North Korea",
    "North Macedonia",
    "Papua New Guinea",
    "Saint Lucia",
    "San Marino",
    "Saudi Arabia",
    "Sierra Leone",
    "Solomon Islands",
    "South Africa",
    "South Korea",
    "South Sudan",
    "Sri Lanka",
    "Trinidad and Tobago",
    "United Arab Emirates",
    "United Kingdom",
    "United States of America",
    "United States",
    "Vatican City",
    "Vereinigte Staaten",
    "Vereinigtes Königreich",
    "Neuseeland",
)

COUNTRIES = frozenset((*_ONE_WORD, *_MORE_WORDS))
"""Their names as they are written."""
