"""Statements of a model that it does not do what it is asked. Pure.

Owns: telling "I'm sorry, I can't assist with that request." from a statement about the documents: it says nothing of
what they hold. Knows nothing about what becomes of one.
"""

from __future__ import annotations

import re

_REQUEST = r"(?:request|question|topic|task|query|conversation)"
_ENGLISH_NOT = (
    r"(?:i\s+(?:can(?:not|['’]t)|can\s+not|could\s+not|couldn['’]t|won['’]t|will\s+not|am\s+(?:not\s+able|unable)\s+to)"
    r"|i['’]m\s+(?:not\s+able|unable)\s+to)"
)
_GERMAN_HELP = r"(?:helfen|weiterhelfen|behilflich|unterstützen|nachkommen|erfüllen|assistieren)"
_OPENING = (
    r"^\W{0,8}(?:(?:(?:i['’]?m|i\s+am)\s+(?:\w+\s+)?(?:sorry|afraid)|sorry|i\s+apologi[sz]e|my\s+apologies|unfortunately"
    r"|no|but|however|(?:es\s+)?tut\s+mir\s+(?:\w+\s+)?leid|entschuldigung|leider|aber|(?:je\s+suis\s+)?désolée?|mais"
    r"|lo\s+siento|lamentablemente|pero|mi\s+dispiace|purtroppo|ma|desculpe|lamento|sinto\s+muito|infelizmente|mas"
    r"|het\s+spijt\s+me|helaas|maar|извините|простите|к\s+сожалению|но|przepraszam|przykro\s+mi|niestety|ale|üzgünüm"
    r"|maalesef|ne\s+yazık\s+ki|ancak|عذر[اً]{1,2}|آسف|للأسف|ولكن|لكن|很抱歉|抱歉|对不起|對不起|但是?"
    r"|申し訳(?:ございません|ありません)(?:が)?|すみませんが?|죄송합니다(?:만)?|죄송하지만|ขออภัย|ขอโทษ)"
    r"[\s,;:.!。，、،–—-]{0,8}){0,4}"
)
_AS_A_MODEL = r"(?:as\s+an?\s+(?:ai|artificial|large|language)\b|als\s+(?:ki|sprachmodell|künstliche)\b)"
_DECLINES = re.compile(
    _OPENING + "(?:"
    # "I can't assist with that request.", "I must decline.", "I'm not comfortable discussing this."
    rf"{_ENGLISH_NOT}\s+(?:be\s+able\s+to\s+)?(?:\w+ly\s+)?(?:help|assist|comply|fulfil|fulfill|engage|do\s+(?:that|this)"
    rf"|support\s+(?:that|this)|continue\s+(?:with\s+)?(?:that|this)|(?:discuss|process|complete|accommodate|respond\s+to"
    rf"|talk\s+about)\s+(?:that|this|your)\b(?:\s+{_REQUEST})?)\b"
    r"|i\s+(?:must|have\s+to|need\s+to)\s+(?:respectfully\s+|politely\s+)?(?:decline|refuse)\b"
    r"|(?:i['’]m|i\s+am)\s+not\s+comfortable\b"
    rf"|(?:this|that|your)\s+{_REQUEST}\s+(?:violates|goes\s+against|is\s+against)\s+(?:my|our|the)\b"
    # "As an AI language model, I don't …".
    rf"|{_AS_A_MODEL}[^.]{{0,80}}?\b(?:i|ich)\b[^.]{{0,40}}?(?:\bnot\b|\bcannot\b|n['’]t\b|\bunable\b|\bnicht\b|\bkeine?n?\b)"
    # German, French, Spanish, Italian, Portuguese, Dutch.
    rf"|(?:[\wäöüß]+\s+){{0,4}}?(?:ich\s+kann|kann\s+ich|darf\s+ich|ich\s+darf)\s+(?:[\wäöüß]+\s+){{0,8}}?nicht\s+"
    rf"(?:\w+\s+){{0,2}}?{_GERMAN_HELP}\b"
    r"|je\s+ne\s+(?:peux|puis)\s+(?:malheureusement\s+)?pas\s+(?:vous\s+|t['’])?(?:aider|assister|accéder\s+à\s+(?:cette|votre)"
    r"|traiter\s+(?:cette|votre)|donner\s+suite)\b"
    r"|no\s+puedo\s+(?:ayudar\w*|asistir\w*|cumplir|atender)\b"
    r"|non\s+posso\s+(?:aiutar\w*|assister\w*|soddisfare)\b"
    r"|não\s+(?:posso|consigo)\s+(?:te\s+|lhe\s+)?(?:ajud[aá]\w*|atender|auxiliar|cumprir)"
    r"|(?:hier|daar)?\s*(?:ik\s+kan|kan\s+ik)\s+(?:\w+\s+){0,4}?niet\s+(?:mee\s+|bij\s+)?helpen\b"
    # Russian, Polish, Turkish, Arabic, Chinese, Japanese, Korean, Thai.
    r"|я?\s*не\s+могу\s+(?:вам\s+|тебе\s+|с\s+этим\s+)?(?:помочь|помогать|выполнить)\b"
    r"|nie\s+mogę\s+(?:\w+\s+){0,3}?(?:pomóc|spełnić|zrealizować)\b"
    r"|[^.]{0,40}?(?:yardımcı\s+olam\w+|yardım\s+edem\w+)"
    r"|لا\s+(?:أستطيع|يمكنني)\s+(?:المساعدة|مساعدتك|تقديم\s+المساعدة)"
    r"|我?(?:无法|無法|不能)(?:为您|为你|為您)?(?:提供)?(?:协助|帮助|協助|幫助|满足|滿足|处理|處理|完成)(?!.{0,12}(?:文档|资料|文件))"
    r"|(?:その|この)?(?:ご?要望|リクエスト|ご?質問)?(?:には|に|は)?(?:お手伝い|お答え|お応え|ご?対応|ご?支援)(?:すること)?(?:は|が)?"
    r"(?:できません|できかねます|いたしかねます)"
    r"|[^.]{0,20}?(?:도와드릴|도움을\s?드릴|도울|지원할)\s?수\s?없"
    r"|(?:ฉัน|ผม|ดิฉัน)?ไม่สามารถ(?:ช่วย|ให้ความช่วยเหลือ)"
    ")",
    re.I,
)
# Characters of a sentence that are looked at.
_LONGEST = 300


def is_declining(sentence: str) -> bool:
    """Tell whether a sentence says of the model that it does not do what it is asked, whatever the documents hold."""
    return _DECLINES.match(" ".join(sentence.split())[:_LONGEST]) is not None
