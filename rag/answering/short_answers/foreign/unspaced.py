"""The forms of answers in Chinese, Japanese and Thai. Data only.

Owns: the words of these languages that dates, amounts and places are written with.
"""

from __future__ import annotations

import re

from rag.answering.short_answers.foreign.forms import Forms

_DIGITS = r"[0-9０-９]"
_ONES = "一二三四五六七八九十"
# A number begins with no ten thousand: "万" alone is a part of "120万".
_KANJI = "[〇零一二三四五六七八九十百千两兩][〇零一二三四五六七八九十百千万萬亿億两兩]*"
_KANJI_MINUTES = f"(?:[{_ONES}]{{1,3}}分|半|[一三]刻)?"

CHINESE = Forms(
    date=re.compile(
        rf"(?:公元前?|西元前?)?{_DIGITS}{{2,4}}\s?年(?:\s?{_DIGITS}{{1,2}}\s?月(?:\s?{_DIGITS}{{1,2}}\s?[日号號])?)?"
        rf"|每?月?{_DIGITS}{{1,2}}\s?月\s?{_DIGITS}{{1,2}}\s?[日号號]|每月{_DIGITS}{{1,2}}[日号號]"
        r"|[〇零一二三四五六七八九]{4}年(?:[一二三四五六七八九十]{1,2}月(?:[一二三四五六七八九十]{1,3}日)?)?"
        r"|每?(?:周|週|星期|礼拜)[一二三四五六日天]|[十一二三四五六七八九]+世纪"
    ),
    clock=re.compile(
        rf"(?:上午|下午|晚上|早上|中午|凌晨)?{_DIGITS}{{1,2}}(?:[:：]{_DIGITS}{{2}}"
        rf"|[点點时時](?:{_DIGITS}{{1,2}}分?|半|[一三]刻)?)"
        rf"|(?:上午|下午|晚上|早上|中午|凌晨|傍晚)[{_ONES}]{{1,3}}[点點时時]{_KANJI_MINUTES}"
        rf"|(?<![{_ONES}])[{_ONES}]{{1,3}}[点點](?:[{_ONES}]{{1,3}}分|半|[一三]刻|[钟鐘整])"
    ),
    spelled=_KANJI,
    money="(?:元|块钱?|塊|美元|欧元|人民币|港元|日元|万元|角)",
    duration="(?:秒钟?|分钟|分鐘|个?小时|個?小時|天|日|周|週|个?星期|个月|個月|年)(?![代月])",
    percent="(?:%|％)",
)
JAPANESE = Forms(
    date=re.compile(
        rf"(?:西暦|昭和|平成|令和|大正|明治)?(?:{_DIGITS}{{1,4}}|元)年(?!間)(?:{_DIGITS}{{1,2}}月(?:{_DIGITS}{{1,2}}日)?)?"
        rf"|{_DIGITS}{{1,2}}月{_DIGITS}{{1,2}}日|毎月{_DIGITS}{{1,2}}日|毎週[月火水木金土日]曜日?|[月火水木金土日]曜日"
        rf"|{_DIGITS}{{1,2}}世紀"
    ),
    clock=re.compile(
        rf"(?:午前|午後)?{_DIGITS}{{1,2}}(?:時(?!間)(?:{_DIGITS}{{1,2}}分|半)?|[:：]{_DIGITS}{{2}})"
        rf"|(?:午前|午後)[{_ONES}]{{1,3}}時(?!間){_KANJI_MINUTES}"
    ),
    spelled=_KANJI,
    money="(?:円|万円|億円|ドル|ユーロ|元)",
    duration="(?:秒間?|分間?|時間|日間?|週間|[かヶカ箇]月間?|年間?)",
    percent="(?:%|％|パーセント|割)",
)
_THAI_MONTH = "(?:มกราคม|กุมภาพันธ์|มีนาคม|เมษายน|พฤษภาคม|มิถุนายน|กรกฎาคม|สิงหาคม|กันยายน|ตุลาคม|พฤศจิกายน|ธันวาคม)"
_THAI_YEAR = r"(?:(?:พ\.ศ\.|ค\.ศ\.|ปี)\s?)?\d{4}"
THAI = Forms(
    date=re.compile(
        rf"(?:วันที่\s?)?\d{{1,2}}\s?{_THAI_MONTH}(?:\s?{_THAI_YEAR})?|{_THAI_MONTH}\s?{_THAI_YEAR}"
        rf"|(?:พ\.ศ\.|ค\.ศ\.)\s?\d{{4}}"
    ),
    clock=re.compile(r"\d{1,2}[.:]\d{2}\s?น\."),
    spelled="(?:หนึ่ง|สอง|สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า|สิบ|ร้อย|พัน)+",
    money="(?:บาท|สตางค์|ดอลลาร์|ยูโร)",
    duration="(?:วินาที|นาที|ชั่วโมง|วัน|สัปดาห์|เดือน|ปี)",
    percent="(?:%|เปอร์เซ็นต์)",
)

UNSPACED_FORMS = {"ja": JAPANESE, "th": THAI, "zh": CHINESE}
