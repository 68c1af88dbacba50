"""Words of numbers, units and the calendar in languages other than English and German. Data only.

Owns: which words mean what, in small letters. Units and scales here are words that stand behind a number; no word of
English is among them. Knows nothing about how they are compared.

    scales      LOCAL_SCALES, THOUSANDS_OF, HAN_SCALES, THAI_SCALES
    measures    LOCAL_UNITS, LOCAL_CURRENCIES, LOCAL_BOUNDS, UNSPACED_UNITS
    calendar    LOCAL_MONTHS, ERAS, BUDDHIST_ERA
"""

from __future__ import annotations

LOCAL_SCALES: dict[str, float] = {
    word: factor
    for factor, listed in {
        1e3: "millier milliers mila tys tysiąc tysiące tysięcy duizend tusen tusind tuhat tuhatta тыс тысяча "
        "тысячи тысяч "
        "тысяче тисяч ألف آلاف الف χιλιάδες χιλ हज़ार हजार",
        1e5: "लाख",
        1e6: "millón millones milione milioni milhão milhões mln miljoen miljoner miljon millioner milyon milionów "
        "miliony млн миллион миллиона миллионов мільйонів مليون ملايين εκατομμύριο εκατομμύρια εκατ",
        1e7: "करोड़",
        1e9: "milliard milliards miliardo miliardi mld miljard miljarder milliarder milyar miliardów miliardy bilhão "
        "bilhões млрд миллиард миллиарда миллиардов мільярдів مليار مليارات δισεκατομμύρια δισ अरब",
        1e12: "трлн триллион триллиона триллионов تريليون billón billones",
    }.items()
    for word in listed.split()
}
# A thousand before these words: "mil millones".
THOUSANDS_OF = frozenset("mil".split())

# Each unit with its base unit and how many of that one is, as in ``lexicon.UNITS``.
LOCAL_UNITS: dict[str, tuple[str, float]] = {
    word: (base, factor)
    for base, factor, listed in (
        ("percent", 1, "процент процента процентов процентах процентами відсотків procent procento prosent pourcent "
         "pourcents procentów τοις بالمئة بالمائة प्रतिशत"),
        ("metre", 1e-3, "мм миллиметр миллиметра миллиметров millimètres milímetros"),
        ("metre", 1e-2, "см сантиметр сантиметра сантиметров centimètre centimètres centímetro centímetros "
        "centimetri "
         "سنتيمتر سم"),
        ("metre", 1, "м метр метра метров mètre mètres metro metros metri متر مترا مترًا أمتار μέτρα मीटर"),
        ("metre", 1e3, "км километр километра километров километрах kilomètre kilomètres kilómetro kilómetros "
        "quilómetros "
         "quilômetro quilômetros chilometro chilometri kilometrów كم كيلومتر كيلومترا كيلومترًا χλμ χιλιόμετρα "
         "किलोमीटर किमी"),
        ("gram", 1e-3, "мг"),
        ("gram", 1, "г грамм грамма граммов gramme grammes gramo gramos grammi gramas"),
        ("gram", 1e3, "кг килограмм килограмма килограммов килограммах kilogramme kilogrammes kilogramo "
        "kilogramos quilos "
         "chilogrammi كجم كغ كيلوغرام كيلوجرام κιλά किलोग्राम किलो"),
        ("gram", 1e6, "т тонна тонны тонн tonnellate toneladas طن τόνοι"),
        ("second", 1, "сек секунда секунды секунд seconde secondes segundo segundos secondi ثانية ثوان"),
        ("second", 60, "мин минута минуты минут minuti minutos minuut minuten minuut minut دقيقة دقائق λεπτά मिनट"),
        ("second", 3600, "ч час часа часов heure heures hora horas ora ore uur timmar timer godzin ساعة ساعات "
        "ώρες घंटे"),
        ("second", 86400, "день дня дней сутки суток jour jours día días dia dias giorno giorni dagen dagar "
        "dage dni يوم "
         "يوما يومًا أيام ημέρες दिन"),
        ("second", 604800, "неделя недели недель semaine semaines semana semanas settimana settimane weken "
        "veckor uger "
         "أسبوع أسابيع εβδομάδες सप्ताह"),
        ("month", 1, "месяц месяца месяцев mois mes meses mese mesi maanden månader måneder شهر شهرا شهور "
        "أشهر μήνες महीने"),
        ("month", 12, "лет года год année années ans año años anno anni ano anos jaar år lat سنة سنوات عام "
        "عاما عامًا أعوام "
         "χρόνια έτη वर्ष साल"),
        ("square metre", 1, "кв.м м²"),
        ("square metre", 1e4, "га гектар гектара гектаров hectárea hectáreas ettari"),
        ("square metre", 1e6, "кв.км км²"),
        ("litre", 1e-3, "мл"),
        ("litre", 1, "л литр литра литров litro litros litri لتر लीटर"),
        ("celsius", 1, "℃"),
        ("degree", 1, "градус градуса градусов degrés grados gradi درجة"),
        ("kilometre an hour", 1, "км/ч"),
        ("watt", 1, "вт"), ("watt", 1e3, "квт"), ("watt", 1e6, "мвт"),
        ("watt hour", 1e3, "квт·ч"),
    )
    for word in listed.split()
}  # fmt: skip
LOCAL_CURRENCIES: dict[str, str] = {
    word: currency
    for currency, listed in {
        "ruble": "руб рубль рубля рублей рублях рублям",
        "dollar": "dollars доллар доллара долларов dólar dólares dollari دولار دولارا دولارًا δολάρια डॉलर",
        "euro": "euro euros евро يورو ευρώ यूरो",
        "sterling": "livres libras",
        "rupee": "रुपये रुपए रुपया ₨",
        "zloty": "zł złoty złotych złote",
        "czech crown": "kč korun",
        "riyal": "ريال ريالا ريالًا",
        "dirham": "درهم درهما درهمًا",
        "egyptian pound": "جنيه جنيها جنيهًا",
        "lira": "lirası ₺",
        "hryvnia": "грн гривень ₴",
    }.items()
    for word in listed.split()
}

# Words before a number that make it a bound, by their last one or two words.
LOCAL_BOUNDS: dict[str, str] = {
    phrase: bound
    for bound, listed in {
        ">=": "au moins|al menos|como mínimo|almeno|pelo menos|не менее|минимум|не меньше|على "
        "الأقل|minst|mindst|co najmniej",
        "<=": "au plus|au maximum|como máximo|hasta|al massimo|no máximo|не более|не больше|максимум|högst|højst",
        ">": "plus de|más de|più di|mais de|более|больше|свыше|meer dan|ponad|أكثر من|över",
        "<": "moins de|menos de|meno di|менее|меньше|minder dan|poniżej|أقل من",
        "~": "environ|près de|alrededor de|aproximadamente|unos|unas|cerca "
        "de|около|примерно|почти|ongeveer|około|حوالي",
    }.items()
    for phrase in listed.split("|")
}
# Numerals of Chinese and Japanese, and the scales among them; those of Korean and Thai only behind digits.
HAN_DIGITS = {
    **{digit: value for value, digit in enumerate("〇一二三四五六七八九")},
    "零": 0,
    "两": 2,
    "兩": 2,
    "壹": 1,
    "贰": 2,
    "叁": 3,
}
HAN_TENS = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000, "천": 1000, "백": 100}
HAN_SCALES = {"万": 1e4, "萬": 1e4, "亿": 1e8, "億": 1e8, "兆": 1e12, "만": 1e4, "억": 1e8, "조": 1e12}
THAI_SCALES = {"ล้าน": 1e6, "แสน": 1e5, "หมื่น": 1e4, "พัน": 1e3, "พันล้าน": 1e9}

# What stands right behind a number in a script without spaces. Counters of persons and things are no units: a noun
# says what is counted.
UNSPACED_UNITS: dict[str, tuple[str, float]] = {
    word: (base, factor)
    for base, factor, listed in (
        ("percent", 1, "% パーセント 퍼센트 เปอร์เซ็นต์"),
        ("percent", 10, "割"),
        ("metre", 1e-3, "毫米 ミリメートル ミリ 公厘"),
        ("metre", 1e-2, "厘米 公分 センチメートル センチ"),
        ("metre", 1, "米 公尺 メートル 미터 เมตร"),
        ("metre", 1e3, "公里 千米 キロメートル 킬로미터 กิโลเมตร กม"),
        ("gram", 1, "克 グラム 그램 กรัม"),
        ("gram", 1e3, "公斤 千克 キログラム 킬로그램 กิโลกรัม กก"),
        ("gram", 1e6, "吨 噸 トン 톤 ตัน"),
        ("second", 1, "秒 秒間 초 วินาที"),
        ("second", 60, "分钟 分鐘 分間 分 분 นาที"),
        ("second", 3600, "小时 小時 时間 時間 个小时 個小時 시간 ชั่วโมง"),
        ("second", 86400, "天 日間 일간 วัน"),
        ("second", 604800, "周 週間 个星期 個星期 星期 주일 สัปดาห์"),
        ("month", 1, "个月 個月 か月 ヶ月 カ月 ヵ月 ケ月 개월 เดือน"),
        ("month", 12, "年 年間 周年 年前 周岁 岁 歲 歳 才 년간 ปี"),
        ("square metre", 1, "平方米 平方公尺 平方メートル 제곱미터 ตารางเมตร"),
        ("square metre", 1e4, "公顷 公頃 ヘクタール"),
        ("square metre", 1e6, "平方公里 平方千米 平方キロメートル 平方キロ ตารางกิโลเมตร"),
        ("litre", 1e-3, "毫升 ミリリットル"),
        ("litre", 1, "升 公升 リットル 리터 ลิตร"),
        ("celsius", 1, "摄氏度 攝氏度"),
        ("degree", 1, "度 도 องศา"),
        ("yuan", 1, "元 圆 圓 块钱 人民币"), ("yen", 1, "円 日元 日圓 엔"), ("dollar", 1, "美元 ドル 달러 ดอลลาร์"),
        ("euro", 1, "欧元 歐元 ユーロ 유로 ยูโร"), ("sterling", 1, "英镑 英鎊 ポンド"), ("won", 1, "원 韩元 ウォン"),
        ("baht", 1, "บาท 泰铢 バーツ"),
        ("", 1, "人 名 位 个人 個人 个 個 台 台机 辆 輛 架 艘 本 册 冊 件 家 所 座 棟 栋 层 層 階 次 回 枚 匹 "
        "头 頭 只 隻 条 條 项 項 种 種 "
         "明 명 개 대 권 층 번 คน เล่ม ตัว ชิ้น แห่ง ครั้ง ชั้น คัน"),
        # Words that begin like a unit and are none that is compared: a krone, a carat, a grade at school.
        ("", 1, "克朗 克拉 克罗 克羅 年级 年級 年生 元素 天然 米粉 升级 升級 周边 分店"),
    )
    for word in listed.split()
}  # fmt: skip
# The first year of each era, less one.
ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "明治": 1867, "民国": 1911, "民國": 1911}
BUDDHIST_ERA = 543

_LOCAL_MONTH_NAMES = (
    "январь января январе янв січня styczeń stycznia ocak januari ιανουαρίου ιανουάριος يناير جانفي มกราคม "
    "ม.ค जनवरी ledna",
    "февраль февраля феврале фев лютого luty lutego şubat februari φεβρουαρίου φεβρουάριος فبراير فيفري "
    "กุมภาพันธ์ ก.พ फ़रवरी फरवरी února",
    "март марта марте березня marzec marca mart marts μαρτίου μάρτιος مارس มีนาคม มี.ค मार्च března",
    "апрель апреля апреле апр квітня kwiecień kwietnia nisan απριλίου απρίλιος أبريل ابريل أفريل เมษายน เม.ย "
    "अप्रैल dubna",
    "май мая мае травня maj maja mayıs μαΐου μάιος مايو ماي พฤษภาคม พ.ค मई května",
    "июнь июня июне червня czerwiec czerwca haziran ιουνίου ιούνιος يونيو يونيه جوان มิถุนายน มิ.ย जून června",
    "июль июля июле липня lipiec lipca temmuz ιουλίου ιούλιος يوليو يوليه جويلية กรกฎาคม ก.ค जुलाई července",
    "август августа августе авг серпня sierpień sierpnia ağustos augusti αυγούστου αύγουστος أغسطس اغسطس أوت "
    "สิงหาคม ส.ค अगस्त srpna",
    "сентябрь сентября сентябре сент сен вересня wrzesień września eylül σεπτεμβρίου σεπτέμβριος سبتمبر กันยายน ก.ย "
    "सितंबर सितम्बर září",
    "октябрь октября октябре окт жовтня październik października ekim οκτωβρίου οκτώβριος أكتوبر اكتوبر ตุลาคม "
    "ต.ค अक्टूबर října",
    "ноябрь ноября ноябре нояб ноя листопада listopad kasım νοεμβρίου νοέμβριος نوفمبر พฤศจิกายน พ.ย नवंबर नवम्बर",
    "декабрь декабря декабре дек грудня grudzień grudnia aralık δεκεμβρίου δεκέμβριος ديسمبر ธันวาคม ธ.ค दिसंबर prosince",
)
# The number, 1…12, that each name of a month stands for.
LOCAL_MONTHS = {name: number for number, names in enumerate(_LOCAL_MONTH_NAMES, start=1) for name in names.split()}
