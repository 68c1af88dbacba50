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
    r"(?:diz\w*|mencion\w+|indic\w+|cont[éeê]\w+|especific\w+|fornec\w+|inclu\w+|refer\w+|dá|dão|revel\w+|explic\w+"
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
_KOREAN_OPENING = r"^\W{0,8}(?:(?:죄송합니다(?:만)?|죄송하지만|안타깝게도|유감스럽게도|그러나|하지만)[\s,.]{0,4}){0,3}"
_KOREAN_GIVEN = r"(?:문서|자료|출처|근거|텍스트|본문|증거|문맥|발췌문|제공된\s?(?:정보|내용))"
_KOREAN_TOLD = r"(?:정보|언급|나와|나오|명시|기재|포함|찾을|확인|내용|설명|대답|답변|답을|알\s?수|다루|기록)"
_POLISH_OPENING = (
    r"^\W{0,8}(?:(?:niestety|przepraszam|przykro\s+mi|jednak|ale|nie)[\s,;:.–-]{1,8}){0,4}"
    r"(?:(?:według|na\s+podstawie)\s+[^,]{1,60},\s*)?"
)
_POLISH_KINDS = (
    r"(?:dokument\w*|źród\w+|tek[sś]\w+|fragment\w*|materia[łl]\w*|dowod\w*|konte[kś]\w+|plik\w*|informacj\w+)"
)
_POLISH_TELL = (
    r"(?:zawiera\w*|podaj\w+|podan\w+|wspom\w+|mówi\w*|określ\w+|wskaz\w+|wymieni\w*|opis\w+|informuj\w+"
    r"|precyz\w+|wynika|znajduj\w+|ma|odpowiad\w+|pozwala\w*)"
)
_TURKISH_OPENING = (
    r"^\W{0,8}(?:(?:üzgünüm|maalesef|ne\s+yazık\s+ki|özür\s+dilerim|ancak|fakat|ama|hayır)[\s,;:.–-]{1,8}){0,4}"
)
_TURKISH_KINDS = r"(?:belge|kaynak|metin|metn|doküman|döküman|kanıt|bağlam|pasaj|dosya|alıntı)\w*"
_TURKISH_TELLS_NOT = (
    r"(?:içer|belirt|bahset|bahsed|bulun|değin|açıkla|söyle|ver|söz\s+et|yer\s+al|geç|anlat)\w{0,6}"
    r"(?:m[ıiuü]yor|m[ae]m[ıi]ş|m[ıi]ş\s+değil|m[ae]d[ıi]|m[ae]z)\w*"
)
_THAI_OPENING = r"^\W{0,8}(?:(?:ขออภัย|ขอโทษ|น่าเสียดาย|เสียใจด้วย|แต่)(?:ครับ|ค่ะ)?[\s,]{0,4}){0,3}"
_THAI_KINDS = r"(?:เอกสาร|แหล่งข้อมูล|ข้อความ|หลักฐาน|บริบท|ข้อมูลที่(?:ให้|มี|ได้รับ))"
_THAI_TOLD = r"(?:ระบุ|กล่าว|พูดถึง|ให้ข้อมูล|มีข้อมูล|ข้อมูล|บอก|อธิบาย|เอ่ยถึง|พบ|รายละเอียด|คำตอบ|การกล่าวถึง)"
# All that a model says: "N/A", "Keine Angabe.".
_ALONE = (
    r"(?:n\s?/\s?a|not\s+(?:available|applicable|given|stated|specified|provided|found)"
    r"|no\s+(?:answer|information|data)(?:\s+(?:available|found|given|provided))?"
    r"|keine?\s+(?:angaben?|antwort|informationen?|daten)(?:\s+(?:vorhanden|verfügbar|gefunden))?|k\.?\s?a\."
    r"|nicht\s+(?:angegeben|genannt|verfügbar|erwähnt)"
    r"|non\s+(?:précisée?|spécifiée?|indiquée?|mentionnée?|disponible)|aucune\s+(?:information|réponse|donnée)"
    r"|no\s+(?:disponible|especificad[oa]|indicad[oa]|consta|se\s+(?:menciona|indica|especifica))|sin\s+(?:datos|información)"
    r"|non\s+(?:specificat[oa]|indicat[oa]|menzionat[oa])|nessuna\s+(?:informazione|risposta)"
    r"|não\s+(?:informad[oa]|especificad[oa]|disponível|consta|mencionad[oa])|sem\s+(?:informaç\w+|dados|resposta)"
    r"|niet\s+(?:vermeld|beschikbaar|gespecificeerd)|geen\s+(?:informatie|antwoord|gegevens)"
    r"|не\s+(?:указан[оа]?|упоминается|сообщается)|нет\s+(?:данных|информации|ответа|сведений)"
    r"|ответ\s+не\s+найден|nie\s+(?:podano|określono|wspomniano|wskazano)|brak\s+(?:danych|informacji|odpowiedzi)"
    r"|belirtilmemiş\w*|bilgi\s+yok\w*|未提及|未提供|未说明|未說明|没有提到|无相关信息|無相關資訊|記載なし|該当なし|情報なし"
    r"|(?:관련\s?)?정보\s?없음|해당\s?없음|언급\s?없음|ไม่มีข้อมูล|ไม่(?:ได้)?ระบุ|غير\s+(?:مذكورة?|متوفرة?|محددة?)"
    r"|لا\s+توجد\s+(?:معلومات|إجابة))"
)
_DO_NOT_KNOW = (
    r"(?:ich\s+weiß\s+(?:es\s+|das\s+)?(?:leider\s+)?nicht|das\s+weiß\s+ich\s+(?:leider\s+)?nicht|je\s+ne\s+sais\s+pas"
    r"|no\s+(?:lo\s+)?sé|non\s+lo\s+so|não\s+sei|ik\s+weet\s+het\s+niet|я\s+не\s+знаю|nie\s+wiem|bilmiyorum"
    r"|我?不知道|分かりません|わかりません|모르겠습니다|잘\s모르겠습니다|ไม่ทราบ(?:ครับ|ค่ะ)?|لا\s+أعرف|لا\s+أعلم)"
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
            r"não\s+(?:há|existe|existem|encontrei|foi\s+encontrada?)\s+(?:nenhuma?\s+|qualquer\s+|ess?[ea]\s+|a\s+)?(?:informaç|menç|dados"
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
            rf"(?:это|этого|об\s+этом)\s+(?:\w+\s+){{0,2}}?не\s+{_RUSSIAN_TOLD}",
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
            rf"(?:لا|لم)\s+(?:\w+\s+){{1,3}}?(?:في|ضمن)\s+(?:\w+\s+)?{_ARABIC_KINDS}",
            rf"(?:ليس|ليست|لا\s+شيء)\s+(?:\w+\s+){{0,3}}?(?:في|ضمن)\s+{_ARABIC_KINDS}",
        ),
        _KOREAN_OPENING: (
            rf"[^.]{{0,60}}?{_KOREAN_GIVEN}[^.]{{0,80}}?{_KOREAN_TOLD}[^.]{{0,24}}?(?:없|않|못)",
            r"[^.]{0,60}?(?:정보|언급|내용)(?:가|이|은|는|도|를|을)?\s?(?:전혀\s?)?(?:없습니다|없다|없어요|찾을\s?수\s?없)",
            r"[^.]{0,60}?(?:질문에\s?)?(?:답변|대답|답)(?:을|할|드릴)?\s?(?:드릴|할)?\s?수\s?없",
        ),
        _POLISH_OPENING: (
            rf"(?:(?:te|podane|dostarczone|udostępnione|dostępne|powyższe)\s+){{0,3}}{_POLISH_KINDS}(?:\s+\w+){{0,2}}?\s+nie\s+"
            rf"(?:\w+\s+)?{_POLISH_TELL}",
            rf"(?:w|z|na\s+podstawie)\s+(?:\w+\s+){{0,2}}?{_POLISH_KINDS}(?:\s+\w+){{0,3}}?\s+(?:nie|brak)\b",
            r"brak\s+(?:\w+\s+){0,2}?(?:informacji|danych|wzmianki|odpowiedzi)\b",
            rf"nie\s+(?:ma|znalaz\w+|znaleziono|mogę|można|jestem\s+w\s+stanie|udało\s+się)\b[^.]{{0,60}}?(?:informacji|wzmianki"
            rf"|odpowied\w+|określić|ustalić|znaleźć|{_POLISH_KINDS})",
            rf"(?:ta\s+informacja|to|odpowiedź)\s+nie\s+(?:\w+\s+)?{_POLISH_TELL}[^.]{{0,40}}?{_POLISH_KINDS}",
        ),
        _TURKISH_OPENING: (
            rf"[^.]{{0,60}}?{_TURKISH_KINDS}[^.]{{0,80}}?(?:{_TURKISH_TELLS_NOT}|(?:bilgi|yanıt|cevap|veri|söz)\w*\s+(?:\w+\s+)?"
            r"(?:yok\w*|mevcut\s+değil\w*|bulunam\w+))",
            r"[^.]{0,80}?(?:hakkında|ilgili|dair|bu)\s+(?:\w+\s+)?(?:bilgi|veri)\w*\s+(?:\w+\s+)?(?:yok\w*|mevcut\s+değil\w*"
            r"|bulunma\w+|bulunam\w+|verilme\w+)",
            r"[^.]{0,60}?(?:yanıtlayam|cevaplayam|yanıt\s+verem|cevap\s+verem)\w+",
        ),
        _THAI_OPENING: (
            rf"[^\n]{{0,40}}?{_THAI_KINDS}[^\n]{{0,40}}?(?:ไม่ได้|ไม่มี|ไม่|มิได้)\s?(?:มี)?(?:การ)?{_THAI_TOLD}",
            rf"(?:ฉัน|ผม|ดิฉัน)?ไม่(?:มี|พบ)(?:ข้อมูล|การกล่าวถึง|รายละเอียด|คำตอบ)[^\n]{{0,60}}?(?:{_THAI_KINDS}|เกี่ยวกับ|$)",
            r"(?:ฉัน|ผม|ดิฉัน)?ไม่สามารถ(?:ตอบ|ระบุ|หา)",
        ),
        r"^\W{0,8}": (rf"{_ALONE}\W*$", rf"{_DO_NOT_KNOW}\W*$"),
    }.items()
    for pattern in patterns
)
