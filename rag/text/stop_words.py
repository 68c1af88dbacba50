"""Function words, by language, which a question is asked with and which find nothing. Data only.

Owns: the words, in small letters. English ones and those of scripts that English does not share hold in every text;
those in Latin letters only in a text of their language, since "die" and "on" are words of English.
"""

from __future__ import annotations

ENGLISH = frozenset(
    """a about after all also am an and any are as at be because been before being between both but by can could did do
    does doing down during each few for from further had has have having he her here hers him his how i if in into is it
    its itself just like me more most my no nor not now of off on once only or other our out over own please same she
    should so some such tell than that the their them then there these they this those through to too under until up us
    very was we were what when where which while who whom whose why will with would you your s t d ll m re ve give show
    explain describe say says said many much""".split()
)
IN_LATIN_LETTERS = {
    language: frozenset(listed.split())
    for language, listed in {
        "cs": "a aby ale ani asi až bez bude by byl byla bylo byly být co což do ho i já jak jaká jaké jaký jako je "
        "jeho jejich její jen jsem jsou k kam kde kdo kdy která které který kolik má mezi mi na nad ne nebo o "
        "od po pod pro proč před při s se si tak také tato tento to u už v ve však z za že",
        "da": "af alle at blev blive da de dem den der deres det dette dig din disse du efter eller en er et for "
        "fra ham han hans har havde hende hendes her hos hun hvad hvem hvilke hvilken hvor hvordan hvorfor "
        "hvornår hvis i ikke ind jeg kan man mange med men mig min mod ned noget nogle nu når og om op os "
        "over på sig sin skal som til ud under var ved vi vil være",
        "de": "aber alle allem allen aller alles als also am an auch auf aus bei beim bin bis bitte bist da damit "
        "dann das dass dein deine dem den denn der deren des dessen dich die dies diese diesem diesen dieser "
        "dieses dir doch dort du durch ein eine einem einen einer eines er es etwas euch euer für gegen gibt "
        "hab habe haben hat hatte hatten hier hin hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im in "
        "ins ist ja jede jeden jeder jedes jene kann kein keine können man mein meine mich mir mit muss "
        "müssen nach nicht noch nun nur ob oder ohne sehr sein seine seinem seinen seiner seit sich sie sind "
        "so soll sollen sondern über um und uns unser unter viel viele vom von vor wann war waren warum was "
        "weil welche welchem welchen welcher welches wem wen wenn wer werde werden wessen wie wieso wieviel "
        "wir wird wo wofür woher wohin worden wurde wurden zu zum zur zwischen",
        "es": "a al algo ante antes aquel aquella como cómo con contra cual cuál cuáles cuando cuándo cuánta "
        "cuántas cuánto cuántos de del desde donde dónde durante e el él ella ellas ellos en entre era eran "
        "es esa ese eso esta está están este esto estos fue fueron ha había han hasta hay la las le les lo "
        "los más me mi mucho muy nada ni no nos o os otra otro para pero poco por porque que qué quién "
        "quiénes se sea según ser será si sí sido sin sobre son su sus también tan te tiene tienen todo todos "
        "tu tú un una uno unos y ya yo",
        "fi": "ei eli ennen että he hän ja jo joka jos jossa kanssa kuin kuinka kuka kun me mihin mikä millainen "
        "milloin minkä minä missä mistä mitkä mitä moni montako mukaan mutta myös ne niin noin nyt ole oli "
        "olivat on ovat paljonko se sekä sen siellä sinä sitten tai te tuo tämä vai vaikka voi",
        "fr": "a à afin ai ainsi alors après au aucun aussi autre autres aux avait avant avec avoir c car ce ceci "
        "cela celle celui ces cet cette ceux chez combien comme comment d dans de depuis des deux doit donc "
        "dont du elle elles en entre es est et étaient était étant être eu eux fait font furent fut il ils j "
        "je jusque l la laquelle le lequel les lesquelles lesquels leur leurs lors lui m ma mais me même mes "
        "moi mon n ne ni nos notre nous on ont ou où par parce pas pendant peut plus pour pourquoi qu quand "
        "que quel quelle quelles quels qui quoi s sa sans se selon sera ses si son sont sous sur t ta tes toi "
        "ton tous tout toute toutes tu un une vos votre vous y",
        "hu": "a az be csak de egy egyik el ez ezek ezt és ha hány hogy hogyan hol honnan hova is itt ki kik le meg "
        "mely mennyi mert mi miért mikor milyen mint minden mit nem ott össze után vagy van volt voltak vele",
        "it": "a ad agli ai al alla alle allo anche c che chi ci co come con cosa cui d da dagli dai dal dalla "
        "dalle degli dei del dell della delle dello di dove e è ed era erano essere fu gli ha hanno i il in "
        "io l la le lei lo loro lui ma mi molto ne negli nei nel nella nelle nello no noi non o ogni per "
        "perché più poi può qual quale quali quando quanta quante quanti quanto quella quelle quelli quello "
        "questa queste questi questo qui se sei senza si sia sono sta stata stato su sua sue sui sul sulla "
        "suo suoi tra tu un una uno vi voi",
        "nl": "aan al alle als altijd ben bij dat de deze die dit doen door dus een en er geen haar had hebben "
        "heeft hem het hier hij hoe hoeveel hun iemand ik in is je kan kunnen maar me meer men met mij mijn "
        "moet na naar niet nog nu of om omdat onder ons ook op over te tegen toen tot u uit uw van veel voor "
        "waar waarom wanneer want was wat we wel welk welke werd wie wij worden wordt zal ze zelf zich zij "
        "zijn zo zonder zou",
        "no": "alle at av ble bli da de dem den denne der deres det dette di disse du eller en er et etter for fra "
        "ha hadde han hans har hennes her hun hva hvem hver hvilke hvilken hvilket hvor hvordan hvorfor i "
        "ikke inn jeg kan man mange med meg men mot må nå når og også om opp oss over på seg sin skal som til "
        "um under ut var ved vi vil være",
        "pl": "a aby ale bez być był była było były bo by co czy czyj dla do gdy gdzie go i ich ile im ja jak jaka "
        "jaki jakie jako jakim je jego jej jest jeszcze już każdy kiedy kim kto która które który których "
        "którym lub ma mają może na nad nie niż o od on ona oni oraz po pod ponieważ poza przed przez przy są "
        "się skąd ta tak także tam te tego tej ten to tu tym tylko w we wszystko z za ze że",
        "pt": "a à ao aos as às até cada com como da das de dela dele depois do dos e é ela elas ele eles em entre "
        "era eram essa esse esta está estão este eu foi foram há isso isto já lhe mais mas me meu muito na "
        "não nas nem no nos nós num numa o onde os ou para pela pelas pelo pelos por porque qual quais quando "
        "quanta quantas quanto quantos que quê quem se sem ser será seu seus só sobre são sua suas também te "
        "tem têm tinha tu um uma umas uns você",
        "ro": "a acest această aceste al ale am are ar au că care ce când cât câte câți cine cu cum da dar de deci "
        "din după ea ei el era este eu fi fie fost la lor mai mi mult nu o pe pentru prin sa sau se sunt și "
        "un una unde unei unui va",
        "sv": "alla allt att av blev bli då de dem den denna deras dess det detta dig din dit du där efter eller en "
        "er ett från för ha hade han hans har henne hennes hon honom hur här i icke inte ja jag kan kunde man "
        "med mellan men mig min mot mycket många ni nu när någon något och om oss på sedan sig sin ska skulle "
        "som så till under upp ut utan vad var varför vem vems vi vid vilka vilken vilket vill är över",
        "tr": "acaba ama ancak bana bazı belki ben beni benim bir biri birkaç biz bu buna bunda bunu bunun çok "
        "çünkü da daha de defa diye dolayı en gibi hangi hem hep her hiç için ile ise kaç kadar kez ki kim "
        "kimin mı mi mu mü nasıl ne neden nedir nerede nereye ne o olan olarak oldu olduğu on ona onlar onu "
        "onun sen siz şey şu ve veya ya yani",
    }.items()
}
IN_OTHER_SCRIPTS = frozenset(
    # Arabic, with and without "and"
    """في من على إلى عن مع هذا هذه ذلك تلك التي الذي الذين هو هي هم أن إن كان كانت يكون تكون ما ماذا متى
    أين كيف كم لماذا هل أي أية لا لم لن قد كل بعض بين بعد قبل عند منذ حتى ثم أو و ب ل أم ليس غير كما لكن
    عندما حيث إذا فقط هناك هنا وقد وهو وهي وفي ومن له لها""".split()
    # Greek
    + """ο η το οι τα του της των τον την τους τις στο στη στην στον στα στους στις και ή είναι ήταν με για
    από σε ως που ποιος ποια ποιο ποιοι ποιες πότε πού πώς πόσο πόσα πόσοι πόσες πόση τι γιατί δεν μη
    μην να θα έχει έχουν ένα ένας μια μία αυτό αυτή αυτός κατά μετά πριν αν όταν όπως αλλά στον""".split()
    # Hebrew
    + """של על את עם זה זו הוא היא הם הן אני אתה מה מי מתי איפה איך כמה למה האם לא כן או גם כי אם אבל יש אין
    היה הייתה היו כל אל בין עד רק אשר""".split()
    # Hindi
    + """है हैं था थी थे हो का की के को में से पर ने और या यह वह ये वे इस उस इन उन कि जो तो भी ही एक क्या कौन कब कहाँ कहां
    कैसे कितना कितनी कितने क्यों किस किसने किसका नहीं लिए साथ बाद तक गया गई गए कर किया""".split()
    # Russian, Ukrainian, Bulgarian
    + """и в во не что он на я с со как а то все она так его но да ты к у же вы за бы по ее её мне было вот
    от меня еще ещё нет о из ему когда ли если уже или быть был была были него до вас нибудь там себя их
    чем мы тебя без будет кто этот эта это эти того этого какой какая какое какие каком какого какую
    каким каких где куда откуда зачем почему сколько чей для при между через после об под над про
    который которая которое которые которых которой которого є та і й що як але або це цей ця ці його її
    де хто коли скільки чому який яка яке які яких від до із зі під за про чи є був була було були са си
    се от със във ще кой коя кое кои кога къде колко защо""".split()
    # Korean, Chinese and Japanese pairs of characters
    + """무엇 누구 언제 어디 어떻 떻게 얼마 입니 니다 니까 습니 합니 하는 있는 없는 입니까 什么 甚麼 什麼
    多少 哪里 哪裡 哪儿 哪个 哪個 哪些 怎么 怎麼 怎样 为什 為什 何时 何時 谁的 是谁 是誰 是否 这个 這個
    那个 那個 以及 我们 他们 它们 です ます した して する され れる いる ある あり から まで なに どこ
    いつ だれ どの どれ なぜ この その これ それ ない など とは ため ので でし しょ うか すか ですか
    いて って った られ てい たの との には では にお おけ ける ださ くだ ろう という いう""".split()
)
# What cuts a question in a script without spaces into its content: words that ask, particles, copulas.
UNSPACED_FUNCTION_WORDS = (
    # Chinese
    "为什么 為什麼 为何 為何 什么时候 什麼時候 什么 什麼 甚麼 多少 哪里 哪裡 哪儿 哪个 哪個 哪些 哪一 哪 "
    "怎么样 怎么 怎麼 怎样 怎樣 如何 何时 何時 何地 是谁 是誰 谁 誰 是否 有没有 有沒有 是不是 请问 請問 "
    "告诉我 告訴我 这个 這個 那个 那個 以及 我们 我們 他们 他們 几点 幾點 几个 幾個 是 的 了 吗 嗎 呢 吧 "
    "啊 和 与 與 或 在 被 把 "
    # Japanese
    "ですか でしょうか ますか ましたか でしたか 教えてください てください ください という どこ いつ だれ "
    "誰 何時 何人 何年 何 なに なぜ どうして どのように どの どれ いくら いくつ どう です でした でしょう "
    "ます ました ません している していた した して する されている された される から まで について "
    "における において には では とは への との この その あの これ それ を "
    # Thai
    "คืออะไร อะไร คือใคร ใคร ที่ไหน เมื่อไหร่ เมื่อไร เมื่อใด เท่าไหร่ เท่าไร เท่าใด กี่ อย่างไร ยังไง ทำไม หรือไม่ หรือเปล่า "
    "ไหม คือ เป็น ของ และ หรือ ที่ ใน จาก กับ โดย ได้ ให้ ครับ ค่ะ คะ "
).split()
