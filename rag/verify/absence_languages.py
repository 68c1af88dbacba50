"""How further languages, from French to Japanese, say that documents do not hold something.

Owns: the patterns of such sentences. Knows nothing about what becomes of one; English and German stand in
``rag.verify.absence``. Pure.
"""

from __future__ import annotations

import re

# The other languages: what may open such a sentence, what documents are called, what they do with a fact, and "not".
_ROMANCE_GAP = r"(?:\s+[\w'’-]+){0,4}?\s+"
_FRENCH_OPENING = (
    r"^\W{0,8}(?:(?:(?:je\s+suis\s+)?désolée?|malheureusement|hélas|cependant|toutefois|mais|non)[\s,;:.–-]{1,8}){0,4}"
    r"(?:(?:d['’]après|selon|dans|sur\s+la\s+base\s+de)\s+[^,]{1,60},\s*)?"
)
_FRENCH_GIVEN = (
    r"(?:les|le|la|ces|ce|cette|cet|vos|l['’]|mes)\s*(?:\w+\s+){0,2}?"
    r"(?:documents?|sources?|textes?|passages?|extraits?|preuves?|éléments|informations?|contexte|fichiers?)"
)
_FRENCH_TELL = (
    r"(?:\w+\s+)?(?:dis(?:ent)?|dit|mentionn\w+|précis\w+|conti\w+|indiqu\w+|donn\w+|fourni\w+|parl\w+|nomm\w+|abord\w+"
    r"|répond\w*|permet\w*|évoqu\w+|révèl\w+|expliqu\w+|spécifi\w+|compor\w+|figur\w+)"
)
_FRENCH_TOLD = r"(?:mentionn|précis|indiqu|fourni|disponible|donn|trouv|spécifi|dit|évoqu|présent)\w*"
_SPANISH_OPENING = (
    r"^\W{0,8}(?:(?:lo\s+siento|lamentablemente|desafortunadamente|por\s+desgracia|disculpe?|sin\s+embargo|pero|no)"
    r"[\s,;:.–-]{1,8}){0,4}(?:(?:según|de\s+acuerdo\s+con|con\s+base\s+en)\s+[^,]{1,60},\s*)?"
)
_SPANISH_GIVEN = (
    r"(?:los|las|el|la|estos|estas|sus)\s+(?:\w+\s+){0,2}?"
    r"(?:documentos?|fuentes?|textos?|pasajes?|fragmentos?|evidencias?|información|informaciones|contexto|archivos?)"
)
_SPANISH_TELL = (
    r"(?:dic\w+|menciona\w*|indica\w*|conti\w+|especifica\w*|proporciona\w*|señala\w*|incluy\w+|ofrec\w+|da|dan"
    r"|revela\w*|explica\w*|aborda\w*|responde\w*|habla\w*|permite\w*|figura\w*|aparec\w+|está\w*|encuentra\w*)"
)
_ITALIAN_OPENING = (
    r"^\W{0,8}(?:(?:mi\s+dispiace|purtroppo|spiacente|tuttavia|ma|no)[\s,;:.–-]{1,8}){0,4}"
    r"(?:(?:secondo|in\s+base\s+a\w*)\s+[^,]{1,60},\s*)?"
)
_ITALIAN_KINDS = (
    r"(?:document[oi]|font[ei]|test[oi]|pass(?:i|aggi|aggio)|brani|estratt[oi]|prov[ae]|informazion[ei]|contesto|file)"
)
_ITALIAN_GIVEN = rf"(?:i|il|le|la|gli|questi|queste|vostri)\s+(?:\w+\s+){{0,2}}?{_ITALIAN_KINDS}"
_ITALIAN_TELL = (
    r"(?:dic\w+|menzion\w+|indic\w+|conten\w+|conti\w+|specific\w+|forni\w+|riport\w+|preci\w+|parl\w+|rivel\w+"
    r"|spieg\w+|permett\w+|consent\w+|rispond\w+|cita\w*)"
)
_PORTUGUESE_OPENING = (
    r"^\W{0,8}(?:(?:desculpe|lamento|sinto\s+muito|infelizmente|no\s+entanto|mas|não)[\s,;:.–-]{1,8}){0,4}"
    r"(?:(?:segundo|de\s+acordo\s+com|com\s+base\s+n\w+)\s+[^,]{1,60},\s*)?"
)
_PORTUGUESE_KINDS = (
    r"(?:documentos?|fontes?|textos?|passagens|trechos?|excertos?|evidências?|informaç(?:ão|ões)|contexto|arquivos?"
    r"|ficheiros?)"
)
_PORTUGUESE_GIVEN = rf"(?:os|as|o|a|estes|estas|esses|seus)\s+(?:\w+\s+){{0,2}}?{_PORTUGUESE_KINDS}"
_PORTUGUESE_TELL = (
    r"(?:diz\w*|mencion\w+|indic\w+|cont[ée]\w+|especific\w+|fornec\w+|inclu\w+|refer\w+|dá|dão|revel\w+|explic\w+"
    r"|abord\w+|respond\w+|permit\w+|inform\w+|fala\w*)"
)
_DUTCH_OPENING = (
    r"^\W{0,8}(?:(?:het\s+spijt\s+me|sorry|helaas|jammer\s+genoeg|echter|maar|nee)[\s,;:.–-]{1,8}){0,4}"
    r"(?:(?:volgens|op\s+basis\s+van)\s+[^,]{1,60},\s*)?"
)
_DUTCH_KINDS = (
    r"(?:documenten|document|bronnen|teksten|tekst|passages|fragmenten|bewijsstukken|informatie|context|bestanden)"
)
_DUTCH_GIVEN = rf"(?:de|het|deze|uw|die)\s+(?:\w+\s+){{0,2}}?{_DUTCH_KINDS}"
_DUTCH_TELL = (
    r"(?:zeg\w+|vermeld\w*|bevat\w*|noem\w*|geven|geeft|bespreken|beschrijv\w+|specificer\w+|melden|meldt|bieden|biedt"
    r"|verstrekken)"
)
_RUSSIAN_OPENING = (
    r"^\W{0,8}(?:(?:к\s+сожалению|извините|простите|прошу\s+прощения|однако|но|нет)[\s,;:.–—-]{1,8}){0,4}"
)
_RUSSIAN_KINDS = (
    r"(?:документ\w*|источник\w*|текст\w*|отрывк\w*|фрагмент\w*|материал\w*|доказательств\w*|данн\w+|контекст\w*"
    r"|файл\w*|сведени\w+)"
)
_RUSSIAN_TOLD = (
    r"(?:указа\w+|упомина\w+|упомян\w+|говор\w+|содерж\w+|сказан\w+|сообща\w+|привод\w+|найден\w*|описан\w*|раскры\w+"
    r"|уточн\w+|представлен\w*|называ\w+|да[её]тся|дают|позволя\w+|отвеча\w+)"
)
_CHINESE_GIVEN = (
    r"(?:您|你|所|已|上述|以上|这些|這些|该|給定|给定|提供|相关|的|中){0,8}"
    r"(?:文档|文檔|文件|资料|資料|来源|來源|文本|证据|證據|材料|段落|内容|內容|信息|資訊|上下文|原文)"
)
_CHINESE_TOLD = (
    r"(?:提到|提及|说明|說明|包含|包括|给出|給出|提供|说|說|记载|記載|指出|涉及|找到|显示|顯示|透露|明确|明確|回答|相关|相關|描述"
    r"|列出|关于|關於|任何)"
)
_JAPANESE_OPENING = (
    r"^\W{0,8}(?:(?:申し訳(?:ございません|ありません)(?:が)?|残念ながら|すみません(?:が)?|恐れ入りますが"
    r"|しかし)[\s、。]{0,4}){0,4}"
)
_JAPANESE_GIVEN = (
    r"(?:文書|資料|ドキュメント|情報源|文献|根拠|本文|証拠|テキスト|コンテキスト|文章|ソース|提供された情報|出典|抜粋)"
)
_JAPANESE_TOLD = (
    r"(?:記載|言及|情報|説明|記述|答え|該当|述べ|書かれ|含まれ|示され|載って|触れ|見つか|見当た|分か|わか|判断"
    r"|回答|特定|明記)"
)
_ARABIC_KINDS = r"(?:(?:ال)?(?:وثائق|مستندات|مصادر|نصوص|نص|أدلة|مقاطع|سياق|معلومات|ملفات|مستند|وثيقة|مقتطفات))"
_ARABIC_OPENING = r"^\W{0,8}(?:(?:عذر[اً]{1,2}|للأسف|آسف|معذرة|أعتذر|ولكن|لكن|مع الأسف)[\s،,:.؛-]{1,8}){0,4}"
_ARABIC_TELL = (
    r"(?:[تي]ذكر|[تي]حتوي|[تي]شير|[تي]قول|[تي]تضمن|[تي]وضح|[تي]وفر|[تي]قدم|[تي]حدد|[تي]تطرق|[تي]ُ?ذكر|[تي]رد|[تي]تناول"
    r"|[تي]جيب|[تي]شمل|[تي]فصح)"
)
FURTHER_PATTERNS = tuple(
    re.compile(opening + pattern, re.I)
    for opening, patterns in {
        _FRENCH_OPENING: (
            rf"{_FRENCH_GIVEN}{_ROMANCE_GAP}(?:ne\s+|n['’]){_FRENCH_TELL}\s+(?:\w+\s+)?(?:pas|rien|aucune?|nulle|jamais)\b",
            rf"aucune?\s+(?:de\s+|d['’])?(?:ces\s+|des\s+|les\s+)?(?:documents?|sources?|textes?|passages?|extraits?)\b"
            rf"[^.]{{0,60}}?\b(?:ne\s+|n['’]){_FRENCH_TELL}",
            r"(?:il\s+n['’]y\s+a|je\s+n['’]ai(?:\s+trouvé)?|on\s+ne\s+trouve)\s+(?:pas|aucune?)\s+(?:trouvé\s+)?"
            r"(?:d['’]|de\s+)?(?:information|mention|indication|renseignement|donnée|réponse)",
            rf"(?:aucune\s+(?:information|mention|indication|réponse)|rien)\b[^.]{{0,80}}?\b(?:ne\s+|n['’])?"
            rf"(?:dans|est\s+{_FRENCH_TOLD}|figure)",
            r"il\s+(?:n['’]est\s+pas\s+possible|est\s+impossible)\s+de\s+(?:répondre|déterminer|savoir|dire)\b",
            r"je\s+ne\s+(?:peux|trouve|suis|sais|parviens)\s+pas\b[^.]{0,60}?\b(?:répondre|trouver|réponse|information"
            r"|déterminer|dire|documents?)",
            rf"(?:cela|ceci|ce\s+point|(?:cette|l['’])\s*information|la\s+réponse)\s+n['’](?:est|apparaît|a)\s+pas\s+(?:été\s+)?"
            rf"(?:{_FRENCH_TOLD}\b|dans\b)",
        ),
        _SPANISH_OPENING: (
            rf"{_SPANISH_GIVEN}{_ROMANCE_GAP}no\s+(?:se\s+|me\s+)?{_SPANISH_TELL}",
            r"(?:ninguno|ninguna)\s+de\s+(?:los|las|estos|estas)\s+(?:documentos|fuentes|textos|pasajes|fragmentos)\b",
            r"no\s+(?:hay|existe|se\s+encontró|se\s+encuentra|encuentro|encontré|tengo)\s+(?:ninguna?\s+)?"
            r"(?:información|mención|datos?|indicación|referencia|respuesta)",
            rf"(?:en\s+{_SPANISH_GIVEN}{_ROMANCE_GAP})?no\s+se\s+(?:menciona|indica|especifica|dice|encuentra|proporciona"
            rf"|señala)\b[^.]{{0,80}}?(?:\ben\s+{_SPANISH_GIVEN}|\W*$|información)",
            rf"en\s+{_SPANISH_GIVEN}{_ROMANCE_GAP}no\s+(?:se|hay|figura|aparece|consta|está)\b",
            r"no\s+(?:puedo|pude|es\s+posible|he\s+podido|consigo)\s+(?:encontrar|responder|determinar|saber|contestar)\b",
            rf"(?:la|esta|esa)\s+(?:información|respuesta)\s+no\s+{_SPANISH_TELL}",
        ),
        _ITALIAN_OPENING: (
            rf"{_ITALIAN_GIVEN}{_ROMANCE_GAP}non\s+(?:\w+\s+)?{_ITALIAN_TELL}",
            rf"nessun[oa]?\s+(?:d[ei]\w*\s+)?{_ITALIAN_KINDS}\b",
            r"non\s+(?:ci\s+sono|c['’]è|ho\s+trovato|trovo|esistono)\s+(?:\w+\s+)?(?:informazion|menzion|indicazion|dati"
            r"|riferiment|rispost)",
            rf"(?:nei|nelle|nel|nella|dai|dalle)\s+(?:\w+\s+){{0,2}}?{_ITALIAN_KINDS}{_ROMANCE_GAP}non\b",
            r"non\s+(?:posso|riesco\s+a|è\s+possibile|sono\s+in\s+grado\s+di)\s+(?:rispondere|trovare|determinare|stabilire)\b",
            rf"(?:l['’]informazione|la\s+risposta|ciò|questo)\s+non\s+(?:è|viene|si\s+trova)\b[^.]{{0,60}}?{_ITALIAN_KINDS}",
        ),
        _PORTUGUESE_OPENING: (
            rf"{_PORTUGUESE_GIVEN}{_ROMANCE_GAP}não\s+(?:\w+\s+)?{_PORTUGUESE_TELL}",
            rf"nenhuma?\s+(?:d[oae]s?\s+)?{_PORTUGUESE_KINDS}\b",
            r"não\s+(?:há|existe|existem|encontrei|foi\s+encontrada?)\s+(?:nenhuma?\s+|qualquer\s+)?(?:informaç|menç|dados"
            r"|indicaç|referência|resposta)",
            rf"n[oa]s?\s+{_PORTUGUESE_KINDS}{_ROMANCE_GAP}não\b",
            r"não\s+(?:posso|consigo|é\s+possível|foi\s+possível)\s+(?:responder|encontrar|determinar|saber)\b",
            r"(?:a|essa|esta)\s+(?:informação|resposta)\s+não\s+(?:está|se\s+encontra|consta|é)\b",
        ),
        _DUTCH_OPENING: (
            rf"{_DUTCH_GIVEN}(?:\s+\w+){{0,2}}?\s+{_DUTCH_TELL}\s+(?:\w+\s+){{0,4}}?(?:niet|niets|geen|nergens)\b",
            rf"{_DUTCH_TELL}\s+{_DUTCH_GIVEN}\s+(?:\w+\s+){{0,4}}?(?:niet|niets|geen|nergens)\b",
            rf"geen\s+(?:enkele?\s+)?(?:van\s+)?(?:de\s+)?{_DUTCH_KINDS}\b",
            rf"in\s+{_DUTCH_GIVEN}(?:\s+\w+){{1,6}}?\s+(?:niet|niets|geen)\b",
            r"er\s+(?:is|staat|zijn|wordt)\s+(?:\w+\s+)?(?:geen|niets|niet)\s+(?:\w+\s+)?(?:informatie|vermeld\w*|gegevens"
            r"|melding|antwoord|in\s+de)",
            r"ik\s+(?:kan|kon|heb)\s+(?:\w+\s+){0,4}?(?:geen|niet|niets)\b[^.]{0,60}?(?:vinden|gevonden|beantwoorden"
            r"|informatie|documenten)",
            rf"(?:dit|dat|het)\s+(?:staat|wordt|is)\s+niet\s+(?:vermeld\s+)?in\s+{_DUTCH_GIVEN}",
        ),
        _RUSSIAN_OPENING: (
            rf"(?:в|из|согласно)\s+(?:\w+\s+){{0,2}}?{_RUSSIAN_KINDS}[^.]{{0,60}}?\s(?:нет|не\s+{_RUSSIAN_TOLD}|ничего\s+не"
            r"|отсутству\w+|невозможно)\b",
            rf"(?:\w+\s+){{0,2}}?{_RUSSIAN_KINDS}(?:\s+\w+){{0,2}}?\s+не\s+{_RUSSIAN_TOLD}",
            rf"(?:ни\s+(?:в\s+)?одн\w+\s+(?:из\s+)?(?:\w+\s+)?{_RUSSIAN_KINDS})",
            r"(?:нет|не\s+найдено|не\s+нашлось)\s+(?:никак\w+\s+)?(?:информаци\w+|данн\w+|сведени\w+|упоминани\w+|ответа)",
            r"(?:я\s+)?не\s+(?:наш[её]л|нашла|могу|смог|смогла|удалось)\b[^.]{0,80}?(?:найти|ответ\w*|информаци\w+|сведени\w+"
            r"|документ\w*|определить)",
            rf"(?:эта\s+)?(?:информация|ответ)\b[^.]{{0,80}}?\s(?:отсутству\w+|не\s+{_RUSSIAN_TOLD})",
        ),
        r"^\W{0,8}(?:(?:很抱歉|抱歉|对不起|對不起|遗憾的是|很遗憾|不好意思|但是?|不过)[\s，,。:：;；]{0,4}){0,4}": (
            rf"(?:根据|根據|从|從|在|就)?{_CHINESE_GIVEN}(?:中|里|裡|内|之中)?[，,]?(?:均|都|也|并|並|似乎|只|目前)?"
            rf"(?:没有|沒有|未|无|無|并未|並未|不|未能)(?:任何|直接|明确|具体)?{_CHINESE_TOLD}",
            rf"(?:根据|根據|从|從){_CHINESE_GIVEN}[^。]{{0,12}}?(?:无法|無法|不能)",
            rf"(?:没有|沒有|未|未能|无法|無法)(?:在|从|從|根据|根據)?(?:{_CHINESE_GIVEN})?(?:中|里|内)?"
            r"(?:找到|提供|提及|得知|确定|確定|回答|查到)[^。]{0,40}?(?:信息|資訊|资料|資料|内容|內容|答案|问题|問題|$)",
            rf"[^。，,]{{0,40}}?(?:未|没有|沒有)在{_CHINESE_GIVEN}(?:中|里)?(?:提到|提及|出现|說明|说明)",
        ),
        _JAPANESE_OPENING: (
            rf"[^。]{{0,60}}?{_JAPANESE_GIVEN}[^。]{{0,80}}?{_JAPANESE_TOLD}[^。]{{0,14}}?(?:ありません|ない|おりません|いません"
            r"|できません|なかった|ません)",
            rf"[^。]{{0,60}}?(?:情報|記載|言及)[^。]{{0,20}}?{_JAPANESE_GIVEN}[^。]{{0,10}}?(?:ありません|ない|いません|ません)",
        ),
        _ARABIC_OPENING: (
            rf"(?:لا|لم|ليس في)\s+{_ARABIC_TELL}\w*\s+(?:\w+\s+){{0,4}}?{_ARABIC_KINDS}",
            rf"{_ARABIC_KINDS}(?:\s+\w+){{0,3}}?\s+(?:لا|لم)\s+{_ARABIC_TELL}",
            r"(?:لا|لم)\s+(?:[تي]وجد|[تي]وج[دد]|أجد|يتم|يرد)\s+(?:\w+\s+){0,2}?(?:معلومات|معلومة|ذكر|إشارة|إجابة|بيانات)",
            rf"(?:لا\s+(?:أستطيع|يمكنني|يمكن)|لم\s+أتمكن)\b[^.؟]{{0,60}}?(?:الإجابة|إجابة|العثور|تحديد|{_ARABIC_KINDS})",
            rf"[^.؟]{{0,40}}?غير\s+(?:مذكورة?|موجودة?|متوفرة?|متاحة?)\s+في\s+{_ARABIC_KINDS}",
        ),
    }.items()
    for pattern in patterns
)
