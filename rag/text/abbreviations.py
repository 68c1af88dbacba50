"""Abbreviations behind whose full stop a sentence goes on, by language. Data only.

Owns: which abbreviations these are, in small letters, without their last full stop and without the spaces inside them.
Those that may as well end a sentence ("etc.", "usw.", "и т. д.") are not listed: behind them a small letter tells.
"""

from __future__ import annotations

# What is always followed by something: a title, a reference, "for example". Russian has those of its neighbours, too.
_ALWAYS = {
    "ar": "د أ أ.د م ص ج ت ط ا.د",
    "cs": "např tzv ul dr ing mgr sv prof tj resp mudr judr phdr doc nám tř",
    "da": "f.eks bl.a nr dr prof ca skt hr fru adr kl",
    "de": "abs abb anm art bd best bzgl bzw ca dipl dr d.h einschl evtl exkl geb gegr ggf gem hl hr hrsg hrn "
    "i.d.r ing inkl insb jgdl kap lt mag nr o.g prof rd rn s.a s.o sog st tab u.a u.u u.z v.a vgl vs z.b "
    "z.t z.zt ziff zzgl bspw phil med jur",
    "el": "κ κα κος κκ δρ σελ π.χ βλ αρ αριθ καθ αγ λ.χ δηλ οδ λεωφ",
    "es": "arq art avda av c.f cap cfr d dr dra dña dn dres ej fig gral ing lic mons núm n.º p.ej p pág págs pp "
    "prof sr sra sres srta sta sto tel ud uds vol ing pdte gob ee",
    "fi": "esim ks mm nro prof tri vrt ns",
    "fr": "art av bd boul c.-à-d cf chap col dr éd env ex fig m me mgr mlle mm mme n° no p p.ex par pl pp pr "
    "prof st ste s.-à-d t tél trad vol v",
    "hi": "डॉ श्री श्रीमती प्रो पं सं पृ कु",
    "hu": "pl dr u ker prof ún kb",
    "it": "ad.es art avv cap cfr col dott dott.ssa dr egr es fig geom gen ing mons n pag pagg par pp prof "
    "prof.ssa rag s sig sigg sig.ra sig.na spett ss st tel v vol p",
    "nl": "bijv blz d.w.z dhr dr drs ir ing m.b.t mevr mr nr o.a prof resp st t.a.v zgn afb",
    "no": "f.eks bl.a nr dr prof ca hr fru kl",
    "pl": "al art dr gen godz hab im inż ks mgr np nr pkt pl por prof rys św tab tel tj tzn tzw ul ust zob",
    "pt": "art av cap cf d dr dra drs ed eng exmo exma fig n.º nº p pág págs pp prof profa r sr sra srs sto sta "
    "tel vol p.ex",
    "ro": "art dl dna d-na dr fig nr pag prof str sf",
    "ru": "акад гр г-н г-жа гн доц дер ил им инж напр обл оз пер пос просп проф рис св см ср стр табл тел ул "
    "т.е т.к т.н ред гл бул инж вул див стор просп пров",
    "sv": "t.ex bl.a dvs nr dr prof ca st kl",
    "tr": "av bkz cad dr doç mah no örn prof sn sok şek",
}
# What is followed by something where that is a number.
_BEFORE_NUMBER = {
    "ar": "س ع ق",
    "cs": "č s str obr",
    "da": "s",
    "de": "s str nrn aufl §",
    "el": "σ",
    "es": "c n s",
    "fi": "s",
    "fr": "§ n s",
    "hu": "o sz",
    "nl": "p art",
    "no": "s",
    "pl": "s str r",
    "pt": "n",
    "ru": "буд д кв корп п пп с ст т ч",
    "sv": "s",
    "tr": "s",
}
ALWAYS = {language: frozenset(names.split()) for language, names in _ALWAYS.items()}
BEFORE_NUMBER = {language: frozenset(names.split()) for language, names in _BEFORE_NUMBER.items()}
# Behind a year or a century these end a sentence, before the name of a place they are "city of" and "in".
OF_PLACES = {"ru": frozenset("г д м с".split())}
