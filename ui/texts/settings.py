"""Texts of the settings."""

TEXTS: dict[str, tuple[str, str]] = {
    "save": ("Save", "Speichern"),
    "remove": ("Remove", "Entfernen"),
    "model": ("Model", "Modell"),
    "part model": ("Model", "Modell"),
    "part answers": ("Answers", "Antworten"),
    "part instructions": ("Your instructions", "Ihre Anweisungen"),
    "part unanswered": ("Unanswered questions", "Offene Fragen"),
    "part appearance": ("Appearance", "Aussehen"),
    "part about": ("About", "Über Footnote"),
    "saved": ("Saved", "Gespeichert"),
    "restored": ("It is back.", "Es ist wieder da."),
    "no such choice": (
        "This cannot be chosen; load the page again.",
        "Das steht nicht zur Wahl; laden Sie die Seite neu.",
    ),
    # models
    "model more": (
        "A language model puts the answer into sentences. The words it rests on always come from your documents.",
        "Ein Sprachmodell fasst die Antwort in Sätze. Die Worte, auf denen sie beruht, kommen immer aus Ihren "
        "Dokumenten.",
    ),
    "quotes only more": (
        "The exact words of the documents. Fastest, and nothing is rewritten.",
        "Die genauen Worte der Dokumente. Am schnellsten, und nichts wird umformuliert.",
    ),
    "model qwen2.5-coder-0.5b-instruct": (
        "Small and quick; keeps to the words of the source.",
        "Klein und schnell; bleibt bei den Worten der Quelle.",
    ),
    "model qwen2.5-coder-1.5b-instruct": (
        "Answers better than the small one, three times as slowly.",
        "Antwortet besser als das kleine, dreimal so langsam.",
    ),
    "model smollm2-135m-instruct": (
        "The smallest, for a computer where no other one fits.",
        "Das kleinste, für einen Rechner, auf den kein anderes passt.",
    ),
    "model of hub": ("Fetched from the Hugging Face hub, not checked.", "Vom Hugging Face Hub geladen, nicht geprüft."),
    "model of file": ("A model file on this computer.", "Eine Modelldatei auf diesem Rechner."),
    "model runs at": ("Runs at {host}.", "Läuft auf {host}."),
    "model runs here": (
        "Runs on this computer, in a program of its own.",
        "Läuft auf diesem Rechner, in einem eigenen Programm.",
    ),
    "model size": ("{size} on disk", "{size} Platz"),
    "model memory": ("{size} of memory", "{size} Arbeitsspeicher"),
    "more models": ("More models", "Weitere Modelle"),
    "fetch": ("Download", "Herunterladen"),
    "resume": ("Resume", "Fortsetzen"),
    "fetch named": ("Download {name}", "{name} herunterladen"),
    "resume named": ("Resume the download of {name}", "Download von {name} fortsetzen"),
    "cancel named": ("Cancel the download of {name}", "Download von {name} abbrechen"),
    "fetching named": ("Download of {name}", "Download von {name}"),
    "fetch begun": ("{percent} % is here.", "{percent} % sind da."),
    "fetch progress": ("{done} of {total} MB", "{done} von {total} MB"),
    "fetch done": ("{name} is ready and can be chosen.", "{name} ist bereit und kann gewählt werden."),
    "fetch stopping": ("Stopping …", "Wird angehalten …"),
    "operator only": (
        "Only the operator of this server may do this.",
        "Das darf nur, wer diesen Server betreibt.",
    ),
    "operator adds": (
        "More models are added by the operator of this server.",
        "Weitere Modelle fügt hinzu, wer diesen Server betreibt.",
    ),
    "nobody adds": (
        "Other computers can reach this chat without a password, so models cannot be added on this page.",
        "Andere Rechner erreichen diesen Chat ohne Passwort, deshalb können auf dieser Seite keine Modelle hinzugefügt "
        "werden.",
    ),
    # servers
    "add server": ("Add a model by its address", "Ein Modell über seine Adresse hinzufügen"),
    "add server more": (
        "A server that you run or rent. Questions, with the passages found for them, are sent there.",
        "Ein Server, den Sie betreiben oder mieten. Fragen gehen dorthin, mit den Stellen, die dazu gefunden wurden.",
    ),
    "server kind": ("Kind", "Art"),
    "server openai": (
        "OpenAI-compatible (llama.cpp, vLLM, LM Studio …)",
        "OpenAI-kompatibel (llama.cpp, vLLM, LM Studio …)",
    ),
    "server ollama": ("Ollama", "Ollama"),
    "server address": ("Address", "Adresse"),
    "server address missing": ("Write the address first.", "Schreiben Sie zuerst die Adresse."),
    "server key": ("Key, if it needs one", "Schlüssel, falls nötig"),
    "server key more": (
        "Kept in {path}, which only you can read; it is never shown again.",
        "Liegt in {path}, lesbar nur für Sie; er wird nie wieder gezeigt.",
    ),
    "server private": ("It lies in my own network", "Er liegt in meinem eigenen Netz"),
    "server private more": (
        "Without this, addresses of private networks are not called: this chat could otherwise be sent into yours.",
        "Ohne dies werden Adressen privater Netze nicht aufgerufen: Der Chat könnte sonst in Ihres geschickt werden.",
    ),
    "server model": ("Model", "Modell"),
    "list models": ("List models", "Modelle auflisten"),
    "server models found": ("{count} found: type or choose one.", "{count} gefunden: Schreiben oder wählen Sie eines."),
    "server without models": (
        "The server lists no model; write its name.",
        "Der Server nennt kein Modell; schreiben Sie den Namen.",
    ),
    "server name": ("Name to show, if another", "Name zum Anzeigen, falls ein anderer"),
    "try it": ("Try it", "Ausprobieren"),
    "try named": ("Try {name}", "{name} ausprobieren"),
    "remove named": ("Remove {name}", "{name} entfernen"),
    "trying": ("Asking …", "Wird gefragt …"),
    "model answered": ("It answered in {seconds} s:", "Antwort nach {seconds} s:"),
    "edit named": ("Edit {name}", "{name} bearbeiten"),
    "server name shown": ("Name", "Name"),
    "server new key": ("New key", "Neuer Schlüssel"),
    "server edit more": (
        "Left empty, the key stays as it is. For another address or model, remove this one and add it anew: a key "
        "belongs to its address.",
        "Leer bleibt der Schlüssel, wie er ist. Für eine andere Adresse oder ein anderes Modell entfernen Sie dieses "
        "und fügen es neu hinzu: Ein Schlüssel gehört zu seiner Adresse.",
    ),
    "server removed": ("{name} was removed.", "{name} wurde entfernt."),
    # answers
    "strictness": ("When to answer", "Wann geantwortet wird"),
    "strictness more": (
        "How sure it must be that your documents hold the answer.",
        "Wie sicher es sein muss, dass Ihre Dokumente die Antwort enthalten.",
    ),
    "strictness lenient": ("Lenient", "Nachsichtig"),
    "strictness lenient more": (
        "Answers more questions, and sometimes one that your documents only touch on.",
        "Beantwortet mehr Fragen, manchmal auch eine, die Ihre Dokumente nur streifen.",
    ),
    "strictness balanced": ("Balanced", "Ausgewogen"),
    "strictness balanced more": (
        "As measured to serve most documents best.",
        "So gemessen, dass es den meisten Dokumenten am besten dient.",
    ),
    "strictness strict": ("Strict", "Streng"),
    "strictness strict more": (
        "Says “not in your documents” sooner, also to some questions that they answer.",
        "Sagt früher „nicht in Ihren Dokumenten“, auch zu manchen Fragen, die sie beantworten.",
    ),
    "tentative answers": ("Show tentative answers", "Vorläufige Antworten zeigen"),
    "tentative answers more": (
        "When it is unsure, you see the nearest passage, marked as tentative. Off: it says that there is no answer.",
        "Ist es unsicher, sehen Sie die nächstliegende Stelle, als vorläufig markiert. Aus: Es sagt, dass es keine "
        "Antwort gibt.",
    ),
    "passages": ("Passages read for an answer", "Gelesene Stellen für eine Antwort"),
    "passages more": (
        "More find answers that lie in several places, but take longer.",
        "Mehr finden Antworten, die an mehreren Orten stehen, dauern aber länger.",
    ),
    "policy": ("Sentences without support", "Sätze ohne Beleg"),
    "policy more": (
        "What happens to a sentence of a large model that your documents do not support.",
        "Was mit einem Satz eines großen Modells geschieht, den Ihre Dokumente nicht belegen.",
    ),
    "policy flag": ("Mark them", "Markieren"),
    "policy flag more": (
        "“The bridge is beautiful” stays, underlined: not found in the documents.",
        "„Die Brücke ist schön“ bleibt stehen, unterstrichen: nicht in den Dokumenten gefunden.",
    ),
    "policy strict": ("Leave them out", "Weglassen"),
    "policy strict more": (
        "The sentence is gone; a line below the answer says that one was left out.",
        "Der Satz fehlt; eine Zeile unter der Antwort sagt, dass einer weggelassen wurde.",
    ),
    "checker": ("Who checks the sentences", "Wer die Sätze prüft"),
    "checker more": (
        "Every sentence of a large model is checked against your documents. This cannot be switched off.",
        "Jeder Satz eines großen Modells wird an Ihren Dokumenten geprüft. Das lässt sich nicht abschalten.",
    ),
    "checker auto": ("Rules, and the model where they are unsure", "Regeln, und das Modell, wo sie unsicher sind"),
    "checker auto more": (
        "Understands paraphrases better; takes one more question to the model.",
        "Versteht Umschreibungen besser; kostet eine weitere Frage an das Modell.",
    ),
    "checker rules": ("Rules alone", "Nur Regeln"),
    "checker rules more": (
        "Quicker; more true sentences are marked as not found.",
        "Schneller; mehr wahre Sätze werden als nicht gefunden markiert.",
    ),
    "checker own": ("As this server is set up", "Wie dieser Server eingerichtet ist"),
    "checker own more": ("{name} checks them.", "{name} prüft sie."),
    "follow-ups": ("Suggest what to ask next", "Vorschlagen, was Sie als Nächstes fragen können"),
    "follow-ups more": (
        "Up to two questions below an answer that your documents answer, too. A large model is asked once more for "
        "them; each such call is in the log.",
        "Bis zu zwei Fragen unter einer Antwort, die Ihre Dokumente ebenfalls beantworten. Ein großes Modell wird "
        "dafür ein weiteres Mal gefragt; jeder solche Aufruf steht im Protokoll.",
    ),
    # instructions
    "instructions more": (
        "How you like your answers: tone, language, length. A large model follows this as far as its rules allow; "
        "every sentence is still checked and cited.",
        "Wie Sie Ihre Antworten mögen: Ton, Sprache, Länge. Ein großes Modell folgt dem, soweit seine Regeln es "
        "zulassen; jeder Satz wird weiterhin geprüft und belegt.",
    ),
    "instructions example": (
        "For example: Answer in short, plain sentences. Spell out abbreviations.",
        "Zum Beispiel: Antworte in kurzen, einfachen Sätzen. Schreibe Abkürzungen aus.",
    ),
    # questions without an answer
    "list more": (
        "So that you know what to write: questions that the documents did not answer or answered only tentatively, and "
        "answers with a thumb down.",
        "Damit Sie wissen, was noch zu schreiben ist: Fragen, die die Dokumente nicht oder nur vorläufig beantwortet "
        "haben, und Antworten mit Daumen nach unten.",
    ),
    "list switch": ("List them for {name}", "Für {name} auflisten"),
    "list switch more": (
        "From now on, out of the conversations. Off: nothing is listed.",
        "Ab jetzt, aus den Gesprächen. Aus: Nichts wird aufgelistet.",
    ),
    "list switch shared": (
        "From now on, for everyone who asks here, without their names. All of them are told so below their question.",
        "Ab jetzt, für alle, die hier fragen, ohne ihre Namen. Allen wird das unter ihrer Frage gesagt.",
    ),
    "list on for others": (
        "Questions that {name} does not answer are listed for whoever looks after it, without your name.",
        "Fragen, die {name} nicht beantwortet, werden für die Betreuung der Sammlung aufgelistet, ohne Ihren Namen.",
    ),
    "list off for others": (
        "Questions that {name} does not answer are not listed for anyone.",
        "Fragen, die {name} nicht beantwortet, werden für niemanden aufgelistet.",
    ),
    "list told": (
        "Questions without an answer are listed for whoever looks after this collection, without your name.",
        "Fragen ohne Antwort werden für die Betreuung dieser Sammlung aufgelistet, ohne Ihren Namen.",
    ),
    "list only owner": (
        "Only whoever looks after this collection sees these questions.",
        "Diese Fragen sieht nur, wer diese Sammlung betreut.",
    ),
    "list empty": ("None yet.", "Noch keine."),
    "list longer": ("{count} more are in the CSV file.", "{count} weitere stehen in der CSV-Datei."),
    "times asked": ("Asked", "Gestellt"),
    "asked last": ("Last", "Zuletzt"),
    "why listed": ("Why", "Warum"),
    "list refused": ("not answered", "nicht beantwortet"),
    "list tentative": ("tentative", "vorläufig"),
    "list disliked": ("thumb down", "Daumen nach unten"),
    "times refused": ("Not answered", "Nicht beantwortet"),
    "times tentative": ("Tentative", "Vorläufig"),
    "times disliked": ("Thumbs down", "Daumen nach unten"),
    "download csv": ("Download as CSV", "Als CSV herunterladen"),
    "empty list": ("Empty the list", "Liste leeren"),
    "list emptied": ("The list was emptied.", "Die Liste wurde geleert."),
    # appearance and more
    "language": ("Language of this page", "Sprache dieser Seite"),
    "appearance": ("Colours", "Farben"),
    "system": ("As the system", "Wie das System"),
    "light": ("Light", "Hell"),
    "dark": ("Dark", "Dunkel"),
    "version": ("Version", "Version"),
    "what leaves": ("Privacy", "Datenschutz"),
    "leaves nothing": (
        "Nothing leaves the computer that Footnote runs on.",
        "Nichts verlässt den Rechner, auf dem Footnote läuft.",
    ),
    "leaves to": ("Questions and passages go to {host}.", "Fragen und Stellen gehen an {host}."),
    "leaves to store": ("The index lies at {host}.", "Der Index liegt auf {host}."),
    "where data lies": ("Your data", "Ihre Daten"),
    "signed in as": ("Signed in as", "Angemeldet als"),
    "operator": ("operator", "betreibt diesen Server"),
    "sign out": ("Sign out", "Abmelden"),
}
