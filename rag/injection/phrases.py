"""Hold the phrases by which a text tries to steer the language model that reads it.

Owns: the phrase book, in fifteen languages. Knows nothing about disguises or how a phrase is looked for.

A phrase is a regular expression in small letters with marks of its own: a space stands for whatever keeps two words
apart, ``~`` for a few words of the same sentence, ``&`` for one word. Its first sign says what may stand before it:

    @    no letter
    !    no letter and no "not"
    %    what may stand before an order: the start of a sentence, "please", "and"
    ^    nothing on the line
    *    anything

Each repetition has a bound, so that none takes long on any text.
"""

from __future__ import annotations

from typing import NamedTuple

from rag.prompts import SENTINEL


class Override(NamedTuple):
    """How a language says to ignore earlier orders. All but ``keywords`` are alternatives, without a first sign.

    Attributes:
        keywords: Plain words of which any text that holds the phrase holds one; a space between two.
        verbs: To ignore.
        qualifiers: Which orders: previous, your, all.
        orders: Instructions, rules, prompts.
        verb_may_be_last: Whether a sentence may end with the verb.
    """

    keywords: str
    verbs: str
    qualifiers: str
    orders: str
    verb_may_be_last: bool = True


OVERRIDES = (
    Override(
        "ignore disregard forget overr bypass discard",
        r"(?:ignore|disregard|forget|override|overrule|bypass|discard)(?:(?![a-z])|(?=all|prev|the|your|above))",
        "previous|prior|above|earlier|preceding|foregoing|former|your|system|initial|original",
        r"(?:instructions?|prompts?|directions|directives?|guidelines?|commands?|orders|rules|context|guardrails)\b",
        verb_may_be_last=False,
    ),
    Override(
        "ignorier missacht vergiss vergess",
        r"(?:ignorier(?:e|en|t)|missachten?|vergiss|vergessen|vergesst)\b(?! (?:sie |bitte )?nicht)",
        "vorherig|vorig|vorangeh|vorangegangen|bisherig|obig|früher|vorstehend|deine|alle",
        "anweisung|instruktion|befehl|vorgabe|regeln|prompt",
    ),
    Override(
        "ignor oubli negli compte abstraction",
        r"(?:ignore[sz]?|oublie[sz]?|neglige[sz]?|ne (?:tiens|tenez) (?:pas|aucun) compte|(?:fais|faites) "
        r"abstraction)\b"
        "(?! pas)",
        "précédent|antérieur|ci dessus|tes |vos |toutes les|plus haut",
        "instructions|consignes|directives|ordres|règles|commandes|prompt",
    ),
    Override(
        "ignor olvid descart caso",
        r"(?:ignora[rd]?|ignoren?|olvid[ae]n?|olvidar|descart[ae]|haz caso omiso|no hagas caso)\b",
        "anterior|previ[ao]s|arriba|tus |todas las",
        "instrucciones|indicaciones|ordenes|órdenes|reglas|directrices|prompt",
    ),
    Override(
        "ignor dimentica trascura",
        r"(?:ignora(?:re|te)?|dimentica(?:re|te)?|trascura(?:re|te)?|ignori)\b",
        "precedent|sopra|tue |tutte le",
        "istruzioni|direttive|regole|comandi|ordini|indicazioni|prompt",
    ),
    Override(
        "ignor esquec desconsider",
        r"(?:ignor[ae]m?|ignorar|esquec[ae]m?|esquecer|desconsider[ae]m?)\b",
        "anterior|prévi[ao]s|acima|suas|todas as",
        "instruções|ordens|regras|diretrizes|comandos|prompt",
    ),
    Override(
        "neg verge",
        r"(?:negeer|negeren|vergeet)\b(?! niet)",
        "vorige|voorgaande|eerdere|bovenstaande|alle",
        "instructies|opdrachten|aanwijzingen|regels|prompt",
    ),
    Override(
        "ignoruj zapomnij pomiń",
        r"(?:z?ignoruj|zignorujcie|zapomnij(?:cie)?|pomiń)\b",
        "poprzedni|wcześniejsz|powyższ|wszystki",
        "instrukcj|polece[nń]|wytyczn|reguł|zasad|prompt",
    ),
    Override(
        "yok görmezden dikkate ardı unut",
        r"(?:yok say|görmezden gel|dikkate alma|göz ardı et|unut)(?:ın|iniz|un|unuz|yın|yınız|in)?\b",
        "önceki|yukarıdaki|tüm|bütün",
        "talimat|komutlar|yönerge|kurallar",
    ),
    Override(
        "игнорируй забудь внимания",
        "(?:про)?игнорируй(?:те)?|забудь(?:те)?|не обращай(?:те)? внимания",
        "предыдущ|выше|прежни|все",
        "инструкци|указани|команды|правила|распоряжени",
    ),
    Override(
        "忽 无视 無視 忘 不要",
        "忽略|无视|無視|忘记|忘記|忘掉|不要理会|不要遵守",
        "以上|上述|之前|前面|先前|此前|所有|上面",
        "指令|指示|命令|提示|规则|規則",
    ),
    Override(
        "無視 忘れ",
        "無視し(?:て|ろ|なさい)|無視せよ|忘れ(?:て|ろ)(?!い|は)",
        "上記|以前|これまで|前述|今まで|すべて|全て|上の|前の|先の",
        "指示|命令|指令|ルール|プロンプト|規則",
    ),
    Override(
        "무시 잊",
        "무시하(?:고|세요|라|십시오|시오)|무시해|잊어|잊고|잊으",
        "이전|위의|앞의|앞선|지금까지|모든|기존",
        "지시|명령|지침|규칙|프롬프트",
    ),
    Override(
        "تجاهل انس أهمل تجاوز",
        "تجاهل|انس |أهمل|تجاوز",
        "السابق|أعلاه|السالف|المذكور|جميع|كل",
        "التعليمات|الأوامر|التوجيهات|القواعد|تعليمات|أوامر",
    ),
    Override(
        "अनदेख नज़र भूल उपेक्षा",
        "अनदेखा कर|अनदेखी कर|नज़रअंदाज़ कर|भूल जा|उपेक्षा कर",
        "पिछल|उपरोक्त|पहले|ऊपर|सभी",
        "निर्देश|आदेश|नियम|अनुदेश",
    ),
)

# Verbs by which a model is told to answer and to cite.
_ANSWER = (
    "antworte|répond[se]|répondez|odpowiedz|odpowiadaj|antwoord|yanıt ver|yanıtla|cevap ver|cevapla|ответь|отвечай|回答"
    "|回复|回復|答えて|応答し|返答し|返信し|답변하|답하|대답하|أجب|उत्तर द|जवाब द"
)
_CITE = (
    r"(?:zitiere|citez|cita|citeer|cytuj|zacytuj|füge|ajoutez?|añade|agrega|aggiungi|adicione|acrescente|voeg"
    r"|dodaj)\b"
    "|цитируй|процитируй|ссылайся|добавь|استشهد|اقتبس|اذكر|أضف|添加|加上|引用|標註|标注"
)
# To cite, in languages that end a sentence with its verb.
_CITE_AT_END = r"引用し|追加し|付けて|인용하|추가하|표시하|alıntı yap|kaynak göster|ekle(?:yin)?\b|उद्धृत कर|जोड़"
_FORMAT = r"(?:json|xml|yaml|base ?64)\b"
# The number of a citation in brackets.
_MARK = r"[\[【]\d{1,3}[\]】]"
# A few words in between.
_FEW_WORDS = r"[^.!?。\n]{0,24}?"
_MODEL = (
    "(?:ai|llm|language model|large language model|(?:ai |virtual |digital )?assistant|chatbot|chatgpt|gpt"
    "|claude|gemini"
    "|copilot)"
)
_SYSTEM = (
    r"(?:system ?prompt|prompt (?:du )?système|prompt d[eio]l? ?sistema|systeemprompt|prompt systemow"
    r"|systemow\w{1,3} prompt|системн\w{1,4} (?:промпт|инструкц)|系统提示|系統提示|系统指令|موجه النظام|تعليمات النظام)"
)

# Keywords, of which any text that holds the phrase holds one, and the phrase.
PHRASES = (
    # To ignore what came before, in ways that name no orders.
    (
        "above",
        "!(?:ignore|disregard|forget) (?:all |everything |anything |of |the |what |is |text |said ){0,4}above"
        r"(?=\W*(?:[,.;:!\n]|\band\b|\Z))",
    ),
    (
        "instructions prompts",
        r"!(?:ignore|disregard|forget) (?:about )?all (?:of )?(?:the |these |those |such )?(?:instructions"
        r"|prompts)\b",
    ),
    (
        "instructed told given asked ordered",
        "!(?:ignore|disregard|forget) (?:all|everything|anything|whatever|what) (?:that )?you (?:were|have been"
        "|ve been) "
        r"(?:told|instructed|given|asked|ordered)\b",
    ),
    (
        "ignore disregard",
        r"!(?:ignore|disregard) (?:the |all |any )?(?:user s|users?|other|remaining) (?:question|query|prompt"
        r"|passages|evidence)\b",
    ),
    (
        "override",
        "@overrides? (?:all |any |every )(?:of )?(?:the |your )?(?:previous|prior|other|earlier|system) "
        r"(?:instructions|prompts?|directives)\b",
    ),
    # Marks of chat templates.
    (
        "<|",
        r"*<\|(?:im_start|im_end|im_sep|system|user|assistant|endoftext|eot_id|begin_of_text|end_of_turn|endofprompt"
        r"|start_header_id|end_header_id)\|>",
    ),
    ("_of_turn> inst] sys>", r"*<(?:start|end)_of_turn>|\[/?inst\]|<</?sys>>"),
    ("prompt> message> instruction", r"*</?(?:system|assistant|developer)[_-]?(?:prompt|message|instructions?)>"),
    ("##", r"*#{2,4}[^\S\n]?(?:system|assistant|human|instructions?|response) ?:"),
    (
        "system assistant developer chatgpt",
        "^(?:system|assistant|developer|chatgpt)(?: (?:message|prompt|note|override|instructions?))?"
        r"\W{0,4}:\W{0,4}(?:you (?:are|must|should|shall|will) |ignore|disregard|forget|from now on|new instructions?"
        r"|(?:always |only |never |do not |now )?(?:answer|reply|respond|output|cite|say|tell|obey|comply|reveal"
        r"|print)\b)",
    ),
    # New orders, and orders addressed to a model.
    (
        "new updated revised",
        r"%(?:new|updated|revised) (?:system )?(?:instructions?|directives?|system prompt)\W{0,3}?:",
    ),
    (
        "anweisung instruktion instruction consigne instrucci istruzion instru instructie instrukcj polecenia "
        "talimat инструкци 指令 指示 命令 지시 명령 지침 تعليمات निर्देश",
        "*(?:neue (?:anweisung|instruktion)(?:en)?|nouvelles? (?:instruction|consigne)s?|nuevas? (?:instrucción"
        "|instrucciones)"
        "|nuov[ae] istruzion[ei]|nov(?:a instrução|as instruções)|nieuwe instructies?|now[ea] (?:instrukcj[ea]"
        "|polecenia)"
        "|yeni talimat(?:lar)?|нов(?:ая|ые) инструкци[яи]|新(?:的)?(?:指令|指示)|新しい(?:指示|命令)"
        "|새로운 (?:지시|명령|지침)"
        "|تعليمات جديدة|नए निर्देश|नया निर्देश) ?:",
    ),
    (
        "note notice message instruction attention warning important reminder hint directive",
        "@(?:note|notice|message|instructions?|attention|warning|important|reminder|hint|directive) &{0,3}?(?:to"
        "|for) "
        rf"(?:the |all |any |every )?{_MODEL}s?\b &{{0,4}}?[:!-]",
    ),
    (
        "must should shall have has are",
        rf"@{_MODEL}s? (?:that |which |who )?(?:is |are )?(?:reads?|reading|process|processing|summari[sz]ing"
        rf"|answering|answers) "
        r"&{0,4}?(?:must|should|shall|has to|have to|is to|are to)\b",
    ),
    (
        "answer reply respond ignore must",
        rf"@(?:if|when|whenever|as) (?:you are |you re )?an? {_MODEL}"
        r" ?,? ~(?:must|you|answer|reply|respond|say|ignore|include|output)\b",
    ),
    (
        "henceforth now",
        "@from now on ~(?:you (?:are|will|must|shall)|always|only|every|each) "
        r"~(?:answer|reply|respond|response|say|output|cite|obey)\b",
    ),
    (
        "evidence prompt instructions untrusted",
        r"@end of (?:the )?(?:system prompt|evidence|prompt|instructions|untrusted \w+)(?=\W{0,6}(?:\n|\Z"
        r"|[.\]>)=-]))",
    ),
    (
        "comply obey follow",
        "@you (?:must|should|have to|will) (?:now |only )?(?:obey|comply with|follow) (?:only )?(?:these|the "
        "following|my|this) "
        r"(?:new |system )?(?:instructions?|commands?|orders)\b(?=~(?:only|instead|not|ignore|:))",
    ),
    # Another role.
    (
        "henceforth now longer",
        "@(?:you are|you re|you will|you shall|you must) (?:now|henceforth|no longer|from now on)"
        "(?: be| act as| called| named| going to be)? (?:an? |the |in |my |as )?&{0,3}?(?:assistants?|ai|chatbot|bot"
        r"|language model|llm|gpt|dan|hacker|pirate|jailbroken|unrestricted|uncensored|unfiltered|(?:developer"
        r"|god|root) mode)\b",
    ),
    (
        "act pretend roleplay behave",
        "@(?:act as|pretend (?:to be|you are)|roleplay as|behave as) (?:an? |the )?(?:unrestricted|uncensored"
        "|unfiltered"
        rf"|jailbroken|evil|dan\b|&?{_MODEL}\b)",
    ),
    (
        "jetzt nun sofort maintenant désormais eres sei agora bent teraz artık теперь",
        "@(?:du bist (?:jetzt|nun|ab jetzt|ab sofort)|(?:tu es|vous êtes) (?:maintenant|désormais)|ahora eres"
        "|(?:ora|adesso|da ora) sei|agora você é|você agora é|(?:je bent|jij bent) (?:nu|vanaf nu)|jesteś teraz"
        "|teraz jesteś"
        "|artık|теперь ты|ты теперь)~"
        r"(?:assist|asist|\b(?:ki|ia|ai|si|bot|llm)\b|chatbot|(?:sprach)?modell?\b|modèle|modelo|hacker|pira"
        r"|korsan|ассистент"
        "|помощник|модель|пират)",
    ),
    (
        "你 あなた 너는 당신은 أنت अब",
        "*(?:你现在是|你現在是|从现在起你是|あなたは今から|今からあなたは"
        "|이제(?:부터)? (?:너는|당신은)|(?:너는|당신은) 이제|أنت الآن|अब आप|अब तुम)~"
        r"(?:ai\b|人工智能|助手|海盗|模型|アシスタント|海賊|비서|조수|인공지능|해적|مساعد|قرصان|نموذج|सहायक|मॉडल)",
    ),
    # Citations to add or to leave out.
    ("cite", rf"%cite &{{0,4}}?{_MARK}"),
    (
        "[ 【",
        "@(?:add|append|insert|attach|put|use|include|place) &{0,4}?(?:citation|reference|footnote|mark|marker"
        "|source)s? "
        rf"&{{0,3}}?{_MARK}",
    ),
    ("[ 【", rf"@(?:{_CITE}) {_FEW_WORDS}{_MARK}"),
    ("[ 【", rf"*{_MARK}{_FEW_WORDS}(?:{_CITE_AT_END})"),
    (
        "source passage evidence citation document [",
        "@(?:do not|don t|never|without) (?:cite|citing|quote|quoting|use|using) (?:any |the |other |these |your )?"
        rf"(?:other |given )?(?:sources?|passages?|evidence|citations?|documents?|{_MARK})(?: at "
        rf"all)?(?=\W*(?:[.!\n,;]|\Z))",
    ),
    (
        "zitiere cite citare citeer cytuj цитируй",
        "@(?:zitiere (?:keine|nicht)|ne citez? (?:pas|aucune)|no cites|non citare|não cite|citeer geen|nie cytuj"
        "|не цитируй)",
    ),
    ("引用 인용 تستشهد", "*(?:不要引用|引用しないで|인용하지 마|لا تستشهد)"),
    # The form of the answer.
    (
        "json xml yaml base64",
        "%(?:reply|respond|answer|write your answer|output) (?:only |solely |exclusively |strictly |just |back "
        "|everything )?"
        f"(?:in |with |as |using )(?:an? |the |only )?(?:valid |raw |plain |pure |strict )?{_FORMAT}",
    ),
    (
        "reply respond answer",
        r"%(?:reply|respond|answer) (?:only|solely|exclusively|strictly|just) (?:with|by|using)\b(?! (?:your|his"
        r"|her|ink|a pen))",
    ),
    ("json xml yaml base64", f"@(?:{_ANSWER})~{_FORMAT}"),
    ("json xml yaml base64", f"%(?:responde|responda|responded|rispondi|rispondete)~{_FORMAT}"),
    ("json xml yaml base64", f"*{_FORMAT}{_FEW_WORDS}(?:{_ANSWER})"),
    ("output", r"%output (?:only )?(?:the following|exactly|this|verbatim)\b"),
    (
        "verbatim word",
        r"%(?:repeat|print|write|output) (?:the following |this |exactly )&{0,3}?(?:verbatim|word for word)\b",
    ),
    (
        "instead",
        "%instead (?:just |only |please |you must |always )?(?:say|answer|reply|respond|state|claim|output|write) "
        r"?(?:that\b|:)",
    ),
    ("answer reply respond", r"%(?:answer|reply|respond)(?: only| always)? that\b(?! part)"),
    (
        "answer respon repl",
        "@(?:include|append|add|insert|embed|put|render|show) &{0,6}?(?:in|to|at the end of|with|into|after) "
        r"(?:every|each|all your) (?:answers?|responses?|repl(?:y|ies))\b",
    ),
    # Secrets.
    (
        "prompt message instructions",
        "@(?:reveal|repeat|leak|disclose|expose|recite|tell me|print|output|dump) &{0,4}?"
        r"(?:(?:system|hidden|initial|developer) (?:prompt|message|instructions)|your &?(?:prompt|instructions))\b",
    ),
    (
        "prompt message instructions",
        "@(?:show|display|give|send) (?:me |us )?(?:all |of )?your (?:system |hidden |initial |original |secret )"
        r"(?:prompts?|instructions|message)\b",
    ),
    (
        "prompt промпт инструкц 提示 指令 النظام",
        "@(?:verrate|zeige?|gib|offenbare|révèle|révélez|affiche|affichez|montre|montrez|revela|muestra|imprime"
        "|rivela|mostra"
        "|stampa|mostre|revele|onthul|toon|ujawnij|pokaż|wypisz|раскрой|покажи|выведи|透露|显示|顯示|输出|泄露|اكشف|اعرض|أظهر)~"
        f"{_SYSTEM}",
    ),
    (
        "プロンプト 프롬프트 istemi promptu komutu प्रॉम्प्ट",
        "*(?:システムプロンプト|시스템 프롬프트|sistem (?:istemi|promptu|komutu)|सिस्टम प्रॉम्प्ट)~"
        "(?:表示し|見せ|明かし|出力し|教え|출력|공개|보여|알려|açıkla|göster|yazdır|दिखा|बता)",
    ),
    # Secrecy before the person who asks, and words put into the answer.
    (
        "user human",
        "@(?:do not|don t|never) (?:tell|inform|alert|notify|warn|mention (?:this|it|these|that) to|reveal "
        "(?:this|it) to"
        r"|say (?:this|anything) to|let) (?:this |it |anything )?(?:to )?the (?:user|human)\b"
        "(?! (?:select|choose|enter|edit|open))",
    ),
    ("user human", r"%(?:tell|assure|convince|persuade) the (?:user|human) (?:that|to|about)\b"),
    ("user human", r"@say (?:that )?[^.!?\n]{1,80} to the (?:user|human)\b"),
    (
        "user human",
        r"@(?:if|when|whenever) (?:the |a |any )?(?:user|human) asks? [^.!?\n]{0,60}?"
        r"(?:say|answer|reply|respond|output|write|claim|state)\b",
    ),
    (
        "nutzer anwender",
        "@(?:sage?|sagen sie|verrate) (?:es )?dem (?:nutzer|benutzer|anwender)~(?:nicht|nichts)"
        "|dem (?:nutzer|benutzer) (?:nicht|nichts) (?:sagen|verraten|mitteilen)",
    ),
    (
        "utilisateur usuario utente usuário gebruiker użytkownik kullanıcı пользовател",
        r"@ne (?:le )?(?:dis|dites) (?:pas|rien)~utilisateur|no (?:le |se lo )?(?:digas|diga|cuentes"
        r"|informes)~usuario"
        "|non (?:dire|dirlo|informare)~utente|não (?:diga|conte|informe)~usuário|(?:vertel"
        "|zeg)~gebruiker~(?:niet|niets)"
        "|nie mów~użytkownik|kullanıcıya~(?:söyleme|bildirme)|не (?:говори|сообщай)(?:те)?~пользовател",
    ),
    (
        "用户 用戶 使用者 ユーザー 사용자 المستخدم उपयोगकर्ता यूजर",
        "*不要(?:告诉|告訴|告知|通知)~(?:用户|用戶|使用者)|ユーザーに~(?:言わない|伝えない|知らせない|教えない)"
        "|사용자에게~(?:말하지|알리지)|لا تخبر~المستخدم|(?:उपयोगकर्ता|यूजर)~(?:मत|न) (?:बता|कह)",
    ),
    # The mark by which our own prompt lets a model say that it found nothing.
    (SENTINEL.lower(), "*" + SENTINEL.lower()),
)
