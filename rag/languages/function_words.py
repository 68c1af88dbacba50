"""Small words that every sentence of a language needs, by language. Pure data.

Owns: the lists. Knows nothing about how a language is told by them.
"""

from __future__ import annotations

from collections.abc import Mapping

from rag.notices.language import ENGLISH, GERMAN, GERMAN_AND_OTHER

_ENGLISH_AND_OTHER = frozenset("an bin den die in over so was".split())

_FURTHER = {
    "ar": """أن أو أي أين إلى إن التي الذي الذين أم بعد بين تم ثم حتى حول خلال ذلك
    عند عن على عليه عليها غير في فيه فيها قبل قد كان كانت كل كم كيف لا لكن لم لماذا
    لن له لها ليس ليست ما ماذا متى مع من منذ منها منه هذا هذه هل هم هو هي و وما يمكن""",
    "cs": """a aby ale až bude by byl byla bylo byly být co do i jak jaká jaké jaký jakou jako je jeho jejich jen
    ještě jsem jsme jsou k kde kdo kdy kolik která které který kterou která kterém která lze má může mohu mé můj
    na nad ne nebo než není o od po pod podle pokud pro proč před při s se své svůj ta tak také tam tato té ten
    tento to toho tom u v ve však z za ze že""",
    "da": """af alle at blev bliver da de dem den der deres det dette disse du efter eller en end er et for fordi
    fra få får ham han har have havde hendes her hos hun hvad hvem hver hvilke hvilken hvilket hvis hvor hvordan
    hvorfor hvornår i ikke ind jeg kan kun kunne man med meget men mellem min mit mod må når nogle og også om op
    over på sig sin skal som så til ud under var ved vi vil være været""",
    "es": """a al algún ante aquí así aún cada como cómo con cuál cuáles cuando cuándo cuanto cuánto cuánta
    cuántas cuántos de del desde después donde dónde durante e el él ella ellos en entre era es esa ese eso esta
    está están este esto fue fueron ha había hace hacer han hasta hay la las le les lo los más me mi muy ni no nos
    o otra otro para pero por porque pueden puede puedo que qué quien quién quiénes se sea según ser si sí sin
    sobre son su sus también tiene tienen todo todos tu un una uno unos y ya""",
    "fa": """آن آیا است اما این با باید برای بود تا چرا چقدر چند چه چگونه چیست خود در
    را شد شده شود کجا کجاست که کدام کرد کرده کند کنم کی کیست می نیست هم هر و یا یک""",
    "fi": """ei eivät en että ei he hän ja jo joka jos joten kanssa kuin kuinka kuka kun kunnes mihin mikä milloin
    minkä missä mitä mitkä montako mukaan mutta myös ne niin nyt oli olivat olla on onko ovat paljonko sekä se sen
    siitä sitä tai tämä vain voi voiko voinko""",
    "fr": """a afin ai alors après as au aucun aussi autre aux avant avec avoir c ce cela celle celui ces cet
    cette chaque chez comme comment combien d dans de depuis des donc dont du elle elles en encore entre es est et
    était étaient été être eu fait fut furent il ils j je jusqu l la laquelle le lequel les lesquelles lesquels
    leur leurs lors mais me mes moi moins mon même n ne ni nos notre nous on ont or ou où par parce pas pendant
    peu peut peuvent plus pour pourquoi puis quand que quel quelle quelles quels qui quoi qu s sa sans se selon
    ses si soit son sont sous sur t ta te tes toi ton tous tout toute très tu un une vers vos votre vous y à""",
    "hi": """और इस उस एक ऐसा कब कर का कि किस किसने कितना कितनी कितने की के को कौन
    क्या क्यों गया जो तक था थी थे द्वारा नहीं ने पर बाद में मैं यह या ये लिए वह वे
    सकता सकती सकते साथ से हुआ हुई हुए हूँ है हैं हो""",
    "hr": """a ali ako bez bi bila bilo bio biti ćemo da do dok gdje i ili im ima imaju iz između ja je jer jesu
    još kada kako kao ko kod koja koje koji kojem kojeg kojoj koju kolika koliki koliko kolike kroz li mogu mogu može
    na nad nakon ne nego nema ni nije nisu o od oko osim ova ovaj ovo ovu po pod prema pri prije s sa samo se su sve
    što ta taj te tko to tu u uz već za zašto će čega čija čije čiji""",
    "hu": """a az be csak de egy el és ez hány hogy hogyan hol ha ki kell le lehet meg mekkora mennyi mert mi
    mikor milyen miért mit most nem new olyan sem vagy van volt""",
    "id": """ada adalah agar akan antara apa apakah atau bagaimana bagi bahwa banyak belum berapa bila bisa
    bisakah boleh cara dalam dan dapat dari dengan di dia hanya harus ia ini itu jam jika juga kami kapan karena
    ke kita lebih mana masih mengapa mereka oleh pada para saat saja sampai sana saya sebagai sebuah secara sejak
    setelah siapa siapakah sudah tahun tanpa telah tentang termasuk tidak untuk yang""",
    "it": """a abbiamo ad agli ai al alla alle allo anche anni c che chi ci ciò col come con cosa cui d da dagli
    dai dal dalla dalle degli dei del della delle dello di dopo dove dovrebbe e è ed era erano essere fa fra fu
    furono gli ha hanno ho i il in io l la le lei lo loro ma mi mia mio molto ne negli nei nel nella nelle no noi
    non nostra nostro o ogni oppure per perché perchè più poi possiamo posso può qual quale quali quando quanta
    quante quanti quanto quella quello questa questo se sei senza si sia sono stata stato su sua sugli sui sul
    sulla suo te ti tra tutti tutto un una uno va vi viene""",
    "nl": """aan aangezien al alle als bij binnen dan dat de der des deze die dit door dus een en er geen haar had
    hadden heb hebben heeft het hij hoe hoeveel hun ik in is je jij kan kon kunnen maar maken me meer men met mij
    mijn moet moeten na naar niet nog nu of om omdat onder ons onze ook op over te tegen toch tot tussen uit van
    vanaf veel volgens voor waar waarom wanneer waren was wat we welk welke werd werden wie wij wil worden wordt
    zal ze zich zij zijn zo zonder""",
    "no": """alle at av ble blir da de dem den der deres det dette disse du eller en enn er et etter for fordi fra
    få får gjør ha hadde han har hos hun hva hvem hver hvilke hvilken hvilket hvis hvor hvordan hvorfor i ikke inn
    jeg kan kun kunne man med meget mellom men min mitt mot mye må noen når og også om opp over på seg sin skal
    som så til under ut var ved vi vil være vært""",
    "pl": """a aby albo ale bez bo być był była było były będzie co czy czyli dla dlaczego do gdy gdzie go i ich
    ile ilu im ja jak jaka jaki jakie jako jego jej jest jeśli jeżeli już kiedy kim kto która które którego której
    który którzy którą lub ma mam mogę może można moje mój mu na nad nie niż o od oraz po pod podczas przed przez
    przy są się sobie ta tak także tam te tego tej ten to tu tym tylko u w we wszystkie z za ze że żeby""",
    "pt": """a à ainda antes ao aos apenas após as às até cada com como contra da das de dela dele depois desde do
    dos durante e é ela ele eles em entre era essa esse esta está estão este eu foi foram há isso já la lhe lo
    mais mas me mesmo meu minha muito na não nas nem no nos nós num numa o onde os ou para pela pelas pelo pelos
    pode podem por porque posso qual quais quando quanta quantas quanto quantos que quê quem se seja sem ser seu
    seus só sobre são sua suas também tem têm um uma você""",
    "bg": """а ако без беше бил била било да дали до за защо и из или има как каква какво какъв ли на не от по при
    с са се си след то този това тази че кога къде кой коя кое кои колко ще е във със""",
    "ro": """a acest această ai al ale am are au ca când care căci câți cât câte ce cea cei cel cine cu cum da dar
    de deci din după este eu fi fost în între la lui mai mea meu ne nu o pe pentru poate prin sau să se si și sunt
    în un una unde""",
    "ru": """а без был была были было быть в вам вас весь во все всё вы где да для до его ее её если есть еще ещё
    же за зачем и из или им их к как какая какие какой каком каков ко когда кого кем ком кому который которая
    которые кто куда ли либо мне мной мог могут может можно мой моя мы на над надо нам нас не нет них но ну о об
    он она они оно от откуда очень по под после почему при про с сам свой себя сколько со так также там то тоже
    только тот ты у уже чего чей чем через что чтобы эта эти это этого этой этот я""",
    "sr": """а али ако без био била било да до за зашто и из или има је како каква какав када ко која које који
    колико ли на не од по при са се су то тај та шта што ће у""",
    "sk": """a aby ak aj ako aká aké aký akú ale alebo bez bol bola bolo boli by byť čo do ho i ich je jeho jej keď
    kde kedy koľko kto ktorá ktoré ktorého ktorej ktorí ktorom ktorý ktorú má majú medzi môže môžem môj na nad nie
    o od po pod podľa pre pred pri prečo s sa si so sú tak také tam tento to toho tej tom táto u už v vo však z za zo
    že""",
    "sl": """ali bi bil bila bilo brez da do gre iz in ima imajo ja je k kaj kako kakšen kakšna kakšno kam kateri
    katera katere katero kdaj kdo kje ki ko koliko kot lahko med na nad ne ni niso o ob od pa po pod pred pri s se
    so sta še ta te ter to tudi v več za zakaj z že""",
    "sv": """alla att av bara blev blir de dem den deras det detta dig din du där då efter eller en er ett finns
    från för får få genom ha hade han har hennes hon hos hur här i igen ingår inte jag kan kunde mellan men mer
    min mitt mot mycket många måste ni nu när någon något några och också om oss på samma sedan sig sin skall ska
    som så till under upp ut vad var varför varje vem vid vi vilka vilken vilket vill våra än är över""",
    "tr": """acaba ama ancak aynı az bana bazı ben beni bir biz bu bunu bunun böyle da daha de değil diye en gibi
    göre hangi hem hep her hiç için ile ise iki kaç kaçta kadar kaça ki kim kimdi kimin mi mı mu mü misin nasıl ne
    neden nedir nerede neredeki neresidir nereye ni niçin niye o olan olarak oldu olur ona onu onun sonra şey şu
    ve veya var ya yok zaman çok""",
    "uk": """а або без був була були було бути в вам вас він вона вони все всі ви від де для до є його її їх же за
    звідки зі з й і із коли кого ким кому котрий куди мене ми мій міг може можна моя на над нам нас не немає ні ну
    о об після під по при про ще щоб щодо що хто чи чим чого чому чий це цей ця ці цього у як яка яке який які
    якого якій якщо яку скільки так також там те теж тільки той та ти я""",
    "ur": """اور ایک اس ان تھا تھی تھے تک جو سے کا کب کتنا کتنی کتنے کس کو کون کہ
    کہاں کی کے کیا کیسے کیوں گیا میں نے نہیں وہ پر ہو ہوتا ہے ہیں یا یہ""",
    "vi": """ai bao bằng bị bởi các cái có của cho chưa chỉ còn cùng đã đang đâu để đến đều điều đó được gì hay
    hơn họ khi không là lại làm mà mấy một này nào nên nếu người nhiều như nhưng những ở qua ra rất rồi sao sau sẽ
    số tại theo thì tôi trên trong trước từ và vào vẫn vì việc với về""",
}

FUNCTION_WORDS: Mapping[str, frozenset[str]] = {
    "de": GERMAN | GERMAN_AND_OTHER | {"an", "die", "in", "so"},
    "en": ENGLISH | _ENGLISH_AND_OTHER,
    **{language: frozenset(words.split()) for language, words in _FURTHER.items()},
}
"""The words of languages, in small letters, by its ISO 639-1 code."""
