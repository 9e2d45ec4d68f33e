<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>CheckPanel</name>
    <message>
        <location filename="../ui/check_panel.py" line="64"/>
        <source>More readings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/check_panel.py" line="66"/>
        <source>Listen to the recording again for more readings.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/check_panel.py" line="70"/>
        <source>Say it again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/check_panel.py" line="72"/>
        <source>Speak this sentence again; the new text takes its place.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/check_panel.py" line="76"/>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/check_panel.py" line="78"/>
        <source>Close this list and go back to the text (Escape).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/check_panel.py" line="97"/>
        <source>Words to check ({count})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/check_panel.py" line="98"/>
        <source>I was not sure of these. Choose one to see and hear it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/check_panel.py" line="101"/>
        <source>{number}. {word} ({percent} % sure)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/check_panel.py" line="109"/>
        <source>Press its number, or choose it with the arrows and Enter.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/check_panel.py" line="111"/>
        <source>I have no other reading of this sentence.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/check_panel.py" line="112"/>
        <source>Other readings</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Compared</name>
    <message>
        <location filename="../ui/compared.py" line="46"/>
        <source>changed: “{before}” became “{after}”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/compared.py" line="48"/>
        <source>added: “{after}”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/compared.py" line="50"/>
        <source>taken out: “{before}”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/compared.py" line="59"/>
        <source>{errors} of {words} words wrong ({rate:.1f} % word error rate)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/compared.py" line="69"/>
        <source>Both texts are the same.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/compared.py" line="70"/>
        <source>The texts differ. Write what was meant to be said, and the errors are counted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/compared.py" line="75"/>
        <source>With personalization {fewer} fewer words are wrong.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/compared.py" line="79"/>
        <source>With personalization {more} more words are wrong.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/compared.py" line="82"/>
        <source>Both texts have the same number of wrong words.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/compared.py" line="89"/>
        <source>The model was not changed for this recording: its text is plain Whisper&apos;s.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/compared.py" line="93"/>
        <source>From the sound of this recording alone, one matrix (W1) in each of the {layers} decoder layers was shifted by {percent:.1f} % on average, for this recording only. Nothing was learnt or stored.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/compared.py" line="98"/>
        <source>All of it happened on this computer; nothing left it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/compared.py" line="105"/>
        <source>{duration:.1f} s of speech took {total:.2f} s: hearing {hear:.2f} s, personalizing {adapt:.3f} s, writing both texts {decode:.2f} s. Model {model}, {device}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/compared.py" line="126"/>
        <source>This voice lies among the voices of the training.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/compared.py" line="127"/>
        <source>This voice lies outside the voices of the training, so it is personalized with care.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Confirm</name>
    <message>
        <location filename="../ui/confirm.py" line="23"/>
        <source>Yes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/confirm.py" line="24"/>
        <source>No, keep it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/confirm.py" line="24"/>
        <source>Change nothing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/confirm.py" line="40"/>
        <source>Question</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>DemoView</name>
    <message>
        <location filename="../ui/demo_view.py" line="58"/>
        <source>Compare</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/demo_view.py" line="60"/>
        <source>One recording, written down without and with personalization. Nothing is kept unless you save it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/demo_view.py" line="81"/>
        <location filename="../ui/demo_view.py" line="302"/>
        <source>Record</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/demo_view.py" line="83"/>
        <location filename="../ui/demo_view.py" line="303"/>
        <source>Record somebody now. Press again when finished.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/demo_view.py" line="88"/>
        <location filename="../ui/demo_view.py" line="286"/>
        <source>Open a recording</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/demo_view.py" line="90"/>
        <source>Choose a sound file: WAV, MP3, FLAC, M4A, Ogg …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/demo_view.py" line="93"/>
        <source>Hear it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/demo_view.py" line="93"/>
        <source>Play the recording.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/demo_view.py" line="96"/>
        <source>Choose a sample</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/demo_view.py" line="102"/>
        <source>Bundled samples</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/demo_view.py" line="102"/>
        <source>Simulated recordings of each way of speaking.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/demo_view.py" line="106"/>
        <source>The sentence, as it was meant</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/demo_view.py" line="110"/>
        <source>Or a sample that comes with Idiolect (simulated speech)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/demo_view.py" line="112"/>
        <source>What was meant to be said (optional)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/demo_view.py" line="114"/>
        <source>With it, the wrong words are counted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/demo_view.py" line="123"/>
        <source>Working</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/demo_view.py" line="123"/>
        <source>The recording is being written down.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/demo_view.py" line="124"/>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/demo_view.py" line="124"/>
        <source>Stop this transcription.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/demo_view.py" line="125"/>
        <source>Writing down…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/demo_view.py" line="130"/>
        <source>Without personalization</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/demo_view.py" line="131"/>
        <source>With personalization</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/demo_view.py" line="148"/>
        <source>How far each layer&apos;s W1 moved</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/demo_view.py" line="149"/>
        <source>Where this voice lies among the voices of the training</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/demo_view.py" line="150"/>
        <source>There is no map of voices for this model, so there is no picture here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/demo_view.py" line="152"/>
        <location filename="../ui/demo_view.py" line="155"/>
        <source>Strength of personalization</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/demo_view.py" line="156"/>
        <source>0 to 100 %. The text follows at once.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/demo_view.py" line="168"/>
        <source>Save as PDF</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/demo_view.py" line="170"/>
        <source>Save this comparison as a PDF document.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/demo_view.py" line="173"/>
        <source>Save as web page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/demo_view.py" line="173"/>
        <source>Save it as one HTML file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/demo_view.py" line="183"/>
        <location filename="../ui/demo_view.py" line="237"/>
        <source>What differs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/demo_view.py" line="185"/>
        <source>What was changed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/demo_view.py" line="196"/>
        <source>Typical speech</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/demo_view.py" line="197"/>
        <source>Stuttering</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/demo_view.py" line="198"/>
        <source>Dysarthria</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/demo_view.py" line="199"/>
        <source>Parkinson&apos;s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/demo_view.py" line="200"/>
        <source>Apraxia</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/demo_view.py" line="201"/>
        <source>Mixed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/demo_view.py" line="202"/>
        <source>Articulation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/demo_view.py" line="240"/>
        <source>Decoder layer: change of W1 in %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/demo_view.py" line="277"/>
        <source>At most {percent} %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/demo_view.py" line="302"/>
        <source>Stop recording</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/demo_view.py" line="327"/>
        <source>Save the comparison</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/demo_view.py" line="341"/>
        <source>Saved as {path}.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>DictateView</name>
    <message>
        <location filename="../ui/dictate_view.py" line="42"/>
        <location filename="../ui/dictate_view.py" line="148"/>
        <source>Dictate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/dictate_view.py" line="42"/>
        <source>Speak, and read and correct what was written.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/dictate_view.py" line="63"/>
        <source>State</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/dictate_view.py" line="64"/>
        <source>About the last words</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/dictate_view.py" line="78"/>
        <source>Other readings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/dictate_view.py" line="81"/>
        <source>Other readings of the sentence under the cursor</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/dictate_view.py" line="85"/>
        <location filename="../ui/dictate_view.py" line="264"/>
        <source>Words to check</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/dictate_view.py" line="85"/>
        <source>Go to the next word I was not sure of</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/dictate_view.py" line="88"/>
        <source>Hear word</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/dictate_view.py" line="91"/>
        <source>Play your recording of the word under the cursor</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/dictate_view.py" line="95"/>
        <source>Hear sentence</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/dictate_view.py" line="98"/>
        <source>Play your recording of the sentence under the cursor</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/dictate_view.py" line="102"/>
        <location filename="../ui/dictate_view.py" line="347"/>
        <source>Read aloud</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/dictate_view.py" line="105"/>
        <source>Read the text, or what is selected, aloud</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/dictate_view.py" line="109"/>
        <source>Undo last</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/dictate_view.py" line="109"/>
        <source>Take back what was written last</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/dictate_view.py" line="112"/>
        <source>Copy all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/dictate_view.py" line="112"/>
        <source>Copy the whole text to the clipboard</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/dictate_view.py" line="148"/>
        <source>Your text and what to do with it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/dictate_view.py" line="215"/>
        <source>Learned for you: {words}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/dictate_view.py" line="221"/>
        <source>Ready</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/dictate_view.py" line="222"/>
        <source>Getting ready: the microphone is starting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/dictate_view.py" line="223"/>
        <source>Listening: take all the time you need</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/dictate_view.py" line="224"/>
        <source>Writing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/dictate_view.py" line="225"/>
        <source>Something needs your attention</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/dictate_view.py" line="237"/>
        <source>Writing: {percent} %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/dictate_view.py" line="264"/>
        <source>Words to check: {count}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/dictate_view.py" line="272"/>
        <source>There is no word to check.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/dictate_view.py" line="286"/>
        <source>Put the cursor into something you dictated first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/dictate_view.py" line="300"/>
        <source>Listening again to your recording.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/dictate_view.py" line="315"/>
        <source>There is no recording of this word.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/dictate_view.py" line="324"/>
        <source>There is no recording of this sentence.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/dictate_view.py" line="341"/>
        <source>There is nothing to read yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/dictate_view.py" line="343"/>
        <source>This computer has no voice: install speech-dispatcher or espeak-ng.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/dictate_view.py" line="347"/>
        <source>Stop reading</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/dictate_view.py" line="351"/>
        <source>The text is on the clipboard.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>DoctorView</name>
    <message>
        <location filename="../ui/doctor_view.py" line="32"/>
        <source>Check-up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/doctor_view.py" line="32"/>
        <source>What works on this computer, and how to mend the rest.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/doctor_view.py" line="37"/>
        <source>Check again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/doctor_view.py" line="39"/>
        <source>Look at everything again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/doctor_view.py" line="44"/>
        <source>Copy the report</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/doctor_view.py" line="46"/>
        <source>Copy all of this as text, for somebody who helps you.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/doctor_view.py" line="49"/>
        <source>Result</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/doctor_view.py" line="59"/>
        <source>Fetching {model}: {percent} %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/doctor_view.py" line="71"/>
        <source>Looking at everything …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/doctor_view.py" line="95"/>
        <source>{failed} things do not work, {warned} work with limits.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/doctor_view.py" line="99"/>
        <source>Everything works; {warned} things with limits.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/doctor_view.py" line="101"/>
        <source>Everything works.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/doctor_view.py" line="108"/>
        <source>works</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/doctor_view.py" line="108"/>
        <source>works with limits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/doctor_view.py" line="108"/>
        <source>does not work</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/doctor_view.py" line="135"/>
        <source>Fetch {model} now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/doctor_view.py" line="143"/>
        <source>Look for microphones again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/doctor_view.py" line="146"/>
        <source>Use the model base</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/doctor_view.py" line="149"/>
        <source>Open the folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/doctor_view.py" line="151"/>
        <source>Copy the remedy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/doctor_view.py" line="170"/>
        <source>Copied.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Editor</name>
    <message>
        <location filename="../ui/editor.py" line="75"/>
        <source>Your text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/editor.py" line="75"/>
        <source>What you dictate is written here. You can type here too.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/editor.py" line="77"/>
        <source>Press the button or the key, and speak. Your words appear here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/editor.py" line="264"/>
        <source>Not sure: I am about {percent} % certain of this word.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FirstStart</name>
    <message>
        <location filename="../ui/first_start.py" line="37"/>
        <location filename="../ui/first_start.py" line="38"/>
        <location filename="../ui/first_start.py" line="79"/>
        <source>Welcome to Idiolect</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/first_start.py" line="44"/>
        <source>Step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/first_start.py" line="47"/>
        <source>Back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/first_start.py" line="47"/>
        <source>Go to the step before.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/first_start.py" line="50"/>
        <location filename="../ui/first_start.py" line="215"/>
        <source>Next</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/first_start.py" line="52"/>
        <source>Go to the next step.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/first_start.py" line="81"/>
        <source>Speak the way you speak: Idiolect fits itself to your voice with every sentence. There is nothing to train, and nothing you say ever leaves this computer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/first_start.py" line="87"/>
        <location filename="../ui/first_start.py" line="121"/>
        <source>Language of this window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/first_start.py" line="88"/>
        <source>The language of buttons and messages.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/first_start.py" line="94"/>
        <location filename="../ui/first_start.py" line="122"/>
        <source>The language you speak</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/first_start.py" line="95"/>
        <source>The language you dictate in.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/first_start.py" line="96"/>
        <source>Find out by itself</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/first_start.py" line="101"/>
        <location filename="../ui/first_start.py" line="123"/>
        <source>Text size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/first_start.py" line="102"/>
        <source>How large everything is written.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/first_start.py" line="108"/>
        <location filename="../ui/first_start.py" line="124"/>
        <source>Colours</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/first_start.py" line="109"/>
        <source>Light, dark or high contrast.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/first_start.py" line="111"/>
        <source>As the desktop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/first_start.py" line="112"/>
        <source>Light</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/first_start.py" line="113"/>
        <source>Dark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/first_start.py" line="114"/>
        <source>High contrast</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/first_start.py" line="131"/>
        <source>Can I hear you?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/first_start.py" line="132"/>
        <source>Say something. The bars should move while you speak, and rest when you are quiet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/first_start.py" line="136"/>
        <location filename="../ui/first_start.py" line="151"/>
        <source>Microphone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/first_start.py" line="137"/>
        <source>The microphone to listen to.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/first_start.py" line="138"/>
        <location filename="../ui/first_start.py" line="248"/>
        <source>The computer&apos;s own choice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/first_start.py" line="143"/>
        <source>What the microphone hears</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/first_start.py" line="144"/>
        <source>Waiting for sound …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/first_start.py" line="146"/>
        <source>Look for microphones again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/first_start.py" line="148"/>
        <source>After connecting a microphone.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/first_start.py" line="156"/>
        <source>The speech model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/first_start.py" line="158"/>
        <source>A model turns sound into text. It is fetched once, then everything works without the internet. If in doubt: base.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/first_start.py" line="170"/>
        <source>Your first dictation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/first_start.py" line="171"/>
        <source>Press the button, say a sentence, and press it again. Take your time: pauses do not matter.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/first_start.py" line="178"/>
        <source>State</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/first_start.py" line="179"/>
        <source>About your words</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/first_start.py" line="188"/>
        <source>The key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/first_start.py" line="213"/>
        <source>Step {number} of {count}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/first_start.py" line="215"/>
        <source>Finish</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/first_start.py" line="226"/>
        <source>No model is here yet: go back one step and fetch or import one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/first_start.py" line="250"/>
        <source>No microphone was found: connect one, then look again.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>HeldCard</name>
    <message>
        <location filename="../ui/held_card.py" line="33"/>
        <location filename="../ui/held_card.py" line="67"/>
        <source>Your text is waiting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/held_card.py" line="37"/>
        <source>Insert here in {seconds} seconds</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/held_card.py" line="39"/>
        <source>Then click into the place where the text belongs: it is written there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/held_card.py" line="44"/>
        <source>Keep it in this window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/held_card.py" line="46"/>
        <source>Write the text into the editor below.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/held_card.py" line="50"/>
        <source>Not needed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/held_card.py" line="52"/>
        <source>Put this text away. It stays in the history.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/held_card.py" line="70"/>
        <source>Your text is waiting.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>HistoryView</name>
    <message>
        <location filename="../ui/history_view.py" line="83"/>
        <source>History</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/history_view.py" line="83"/>
        <source>What you dictated on this computer. It is yours alone.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/history_view.py" line="87"/>
        <location filename="../ui/history_view.py" line="140"/>
        <source>Search</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/history_view.py" line="87"/>
        <source>Show only what holds these words.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/history_view.py" line="88"/>
        <source>Search for words</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/history_view.py" line="93"/>
        <source>Entries</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/history_view.py" line="93"/>
        <source>Newest first. Choose one to see all of it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/history_view.py" line="106"/>
        <source>Hear it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/history_view.py" line="106"/>
        <source>Play the recording.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/history_view.py" line="108"/>
        <source>Write it again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/history_view.py" line="110"/>
        <source>Write the recording down again with the present settings.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/history_view.py" line="114"/>
        <source>Keep my correction</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/history_view.py" line="116"/>
        <source>Learn from the text as you changed it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/history_view.py" line="120"/>
        <source>Take it back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/history_view.py" line="122"/>
        <source>This was cancelled: write it down after all.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/history_view.py" line="126"/>
        <location filename="../ui/history_view.py" line="241"/>
        <source>Delete</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/history_view.py" line="128"/>
        <source>Delete text and recording for good.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/history_view.py" line="132"/>
        <source>Copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/history_view.py" line="132"/>
        <source>Copy the text to the clipboard.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/history_view.py" line="135"/>
        <source>Text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/history_view.py" line="135"/>
        <source>You can correct it here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/history_view.py" line="145"/>
        <source>Export everything</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/history_view.py" line="147"/>
        <source>Save all entries as text, JSON or a table.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/history_view.py" line="151"/>
        <location filename="../ui/history_view.py" line="248"/>
        <source>Delete everything</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/history_view.py" line="153"/>
        <source>Delete the whole history for good.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/history_view.py" line="180"/>
        <source>{found} shown of {total}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/history_view.py" line="182"/>
        <source>Nothing yet: what you dictate appears here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/history_view.py" line="195"/>
        <source>Heard: {text}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/history_view.py" line="197"/>
        <source>Without personalization: {text}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/history_view.py" line="212"/>
        <source>The text is on the clipboard.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/history_view.py" line="217"/>
        <source>The recording is being written down again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/history_view.py" line="222"/>
        <source>The recording is being written down.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/history_view.py" line="233"/>
        <source>Kept. New words: {words}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/history_view.py" line="233"/>
        <source>Kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/history_view.py" line="240"/>
        <source>Delete this entry and its recording for good?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/history_view.py" line="247"/>
        <source>Delete your whole history, texts and recordings, for good?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/history_view.py" line="262"/>
        <source>Export the history</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/history_view.py" line="274"/>
        <source>Saved as {path}.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Indicator</name>
    <message>
        <location filename="../ui/indicator.py" line="37"/>
        <source>Idiolect indicator</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/indicator.py" line="46"/>
        <source>Idiolect: {state}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/indicator.py" line="62"/>
        <source>Ready</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/indicator.py" line="63"/>
        <source>Getting ready</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/indicator.py" line="64"/>
        <source>Listening</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/indicator.py" line="65"/>
        <source>Writing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/indicator.py" line="66"/>
        <source>Problem</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>LevelMeter</name>
    <message>
        <location filename="../ui/level_meter.py" line="26"/>
        <source>Microphone level</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/level_meter.py" line="26"/>
        <source>How loud the microphone hears you, from 0 to 100.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/level_meter.py" line="54"/>
        <source>Very loud: move back a little</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/level_meter.py" line="56"/>
        <source>Quiet: I hear almost nothing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/level_meter.py" line="57"/>
        <source>Good: I can hear you</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <location filename="../ui/window.py" line="122"/>
        <source>Dictate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/window.py" line="124"/>
        <source>Speak, and read and correct what was written.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/window.py" line="128"/>
        <source>History</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/window.py" line="130"/>
        <source>Everything you dictated: search, hear, copy, delete.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/window.py" line="133"/>
        <source>Compare</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/window.py" line="133"/>
        <source>One recording with and without personalization.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/window.py" line="135"/>
        <source>Reading</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/window.py" line="137"/>
        <source>Read ten sentences: measure, and set what suits you.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/window.py" line="140"/>
        <source>People</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/window.py" line="140"/>
        <source>Several people on this computer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/window.py" line="141"/>
        <source>Models</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/window.py" line="141"/>
        <source>The speech models on this computer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/window.py" line="142"/>
        <source>Settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/window.py" line="142"/>
        <source>Change how Idiolect works and looks.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/window.py" line="144"/>
        <source>Check-up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/window.py" line="146"/>
        <source>What works on this computer, and how to mend the rest.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/window.py" line="154"/>
        <location filename="../ui/window.py" line="182"/>
        <source>Views</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/window.py" line="154"/>
        <location filename="../ui/window.py" line="182"/>
        <source>Choose what this window shows.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/window.py" line="247"/>
        <source>Idiolect was closed while you were speaking. Your recording is safe and is being written now: {count} found. See History.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/window.py" line="262"/>
        <source>Open profile: {name}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MessageBar</name>
    <message>
        <location filename="../ui/window.py" line="38"/>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/window.py" line="38"/>
        <source>Put this message away.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/window.py" line="51"/>
        <source>Message</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ModelJobs</name>
    <message>
        <location filename="../model_jobs.py" line="106"/>
        <source>The model could not be installed ({error}).</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ModelList</name>
    <message>
        <location filename="../ui/model_list.py" line="42"/>
        <source>Measuring how fast this computer is …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/model_list.py" line="46"/>
        <source>Fetch this model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/model_list.py" line="48"/>
        <source>Fetch the chosen model from the internet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/model_list.py" line="53"/>
        <source>Pause</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/model_list.py" line="53"/>
        <source>Stop fetching; what has come is kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/model_list.py" line="56"/>
        <source>Check it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/model_list.py" line="58"/>
        <source>Read the whole model and compare it with the original.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/model_list.py" line="62"/>
        <source>Import from a folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/model_list.py" line="64"/>
        <source>Install a model from a folder or a USB stick, without the internet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/model_list.py" line="69"/>
        <source>Progress</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/model_list.py" line="69"/>
        <source>How much of the model has come.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/model_list.py" line="70"/>
        <source>State of the model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/model_list.py" line="105"/>
        <source>on this computer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/model_list.py" line="125"/>
        <source>{size} MB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/model_list.py" line="130"/>
        <source>about {seconds} s for a sentence on this computer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/model_list.py" line="136"/>
        <source>{errors} errors in 100 words of clear reading</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/model_list.py" line="141"/>
        <source>English only</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/model_list.py" line="143"/>
        <source>personalizes itself to your voice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/model_list.py" line="151"/>
        <source>The speed of this computer could not be measured.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/model_list.py" line="156"/>
        <source>Measured on this computer just now: {model} is the largest that writes a sentence in a second.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/model_list.py" line="159"/>
        <source>Measured on this computer just now: it is slow, so tiny.en suits it best.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/model_list.py" line="181"/>
        <source>{model} is ready to use.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/model_list.py" line="183"/>
        <source>{model} is not on this computer yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/model_list.py" line="196"/>
        <source>Fetching {model} …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/model_list.py" line="201"/>
        <source>Checking {model} …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/model_list.py" line="204"/>
        <source>The folder that holds the model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/model_list.py" line="211"/>
        <source>Reading {folder} …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/model_list.py" line="218"/>
        <source>Fetching {model}: {done} of {total} MB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/model_list.py" line="233"/>
        <source>{model} is complete and unchanged.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/model_list.py" line="245"/>
        <source>Go on fetching</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/model_list.py" line="246"/>
        <source>Paused. What has come of {model} is kept.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ModelsView</name>
    <message>
        <location filename="../ui/models_view.py" line="23"/>
        <source>Models</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/models_view.py" line="24"/>
        <source>A model turns sound into text. Larger ones make fewer mistakes and need more time.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ProfilesView</name>
    <message>
        <location filename="../ui/profiles.py" line="27"/>
        <location filename="../ui/profiles.py" line="31"/>
        <source>People</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/profiles.py" line="27"/>
        <source>Each person has their own key, pause, words, personalization and history.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/profiles.py" line="31"/>
        <source>Everybody who uses Idiolect on this computer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/profiles.py" line="36"/>
        <location filename="../ui/profiles.py" line="63"/>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/profiles.py" line="36"/>
        <source>A name for a new person, or a new name for the chosen one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/profiles.py" line="44"/>
        <source>Open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/profiles.py" line="46"/>
        <source>Use Idiolect as the chosen person.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/profiles.py" line="51"/>
        <location filename="../ui/profiles.py" line="130"/>
        <source>Delete</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/profiles.py" line="53"/>
        <source>Delete the chosen person with words, settings and history.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/profiles.py" line="62"/>
        <source>Somebody new, or a new name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/profiles.py" line="66"/>
        <source>Add this person</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/profiles.py" line="68"/>
        <source>Add somebody with this name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/profiles.py" line="72"/>
        <source>Rename the chosen person</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/profiles.py" line="74"/>
        <source>Give the chosen person this name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/profiles.py" line="92"/>
        <source>{name}  (open now)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/profiles.py" line="114"/>
        <source>Write a name first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/profiles.py" line="129"/>
        <source>Delete {name} with all words, settings, history and recordings?</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ReadingView</name>
    <message>
        <location filename="../ui/reading.py" line="27"/>
        <source>Reading</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/reading.py" line="29"/>
        <source>You do not need this: Idiolect understands you without it. If you like, read up to ten sentences. It shows how many words are right without and with personalization, and sets strength and pause to what suits you.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/reading.py" line="43"/>
        <source>Read the sentence, then press again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/reading.py" line="46"/>
        <source>Leave it out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/reading.py" line="46"/>
        <source>Go on to the next sentence.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/reading.py" line="49"/>
        <source>Read the last one again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/reading.py" line="49"/>
        <source>Go back one sentence.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/reading.py" line="52"/>
        <source>That is enough</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/reading.py" line="52"/>
        <source>Show the result of what I have read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/reading.py" line="57"/>
        <source>Progress</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/reading.py" line="57"/>
        <source>Sentences read so far.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/reading.py" line="65"/>
        <source>Use these settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/reading.py" line="67"/>
        <source>Set strength and pause to these values.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/reading.py" line="72"/>
        <source>Read again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/reading.py" line="72"/>
        <source>Start from the first sentence.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/reading.py" line="87"/>
        <source>Sentence {number} of {count}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/reading.py" line="93"/>
        <source>I have finished</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/reading.py" line="93"/>
        <source>Record</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/reading.py" line="139"/>
        <source>Counting …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/reading.py" line="146"/>
        <source>{decoded} of {recorded} sentences</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/reading.py" line="154"/>
        <source>{before} of {words} words wrong without personalization, {after} with it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/reading.py" line="160"/>
        <source>Best strength: {strength} %. Your longest pause inside a sentence: {longest} s, so {pause} s is a safe pause. Ten sentences are few: the numbers are a hint, not a diagnosis.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/reading.py" line="179"/>
        <source>Set. You can change both in Settings at any time.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Report</name>
    <message>
        <location filename="../ui/report.py" line="89"/>
        <source>Speech recognition without and with personalization</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/report.py" line="101"/>
        <source>What was meant</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/report.py" line="103"/>
        <source>Without personalization</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/report.py" line="105"/>
        <source>With personalization ({percent} %)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/report.py" line="123"/>
        <source>What differs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/report.py" line="125"/>
        <source>What was changed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/report.py" line="128"/>
        <source>Decoder layer: change of W1 in %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/report.py" line="133"/>
        <source>Where this voice lies among the voices of the training</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/report.py" line="147"/>
        <source>this voice</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SettingsView</name>
    <message>
        <location filename="../ui/settings_view.py" line="34"/>
        <source>Settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="34"/>
        <source>Changes take effect at once. Everything stays on this computer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="50"/>
        <source>Put all settings back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="52"/>
        <source>Set everything back to how it was at the start. History and words stay.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="71"/>
        <source>How you start and stop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="72"/>
        <source>How the key and the big button work.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="74"/>
        <source>Tap to start and stop, or hold while speaking</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="75"/>
        <source>Tap to start, tap to stop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="76"/>
        <source>Hold while speaking</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="77"/>
        <source>Hands-free: listen until I stop it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="82"/>
        <location filename="../ui/settings_view.py" line="94"/>
        <source>{seconds} seconds</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="87"/>
        <source>Whether the key works</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="90"/>
        <source>The pause that ends a sentence</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="91"/>
        <source>Hands-free only, unless you choose the box below. Longer is safer if you pause.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="92"/>
        <source>Never: only I end it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="99"/>
        <source>Speaking</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="101"/>
        <source>The key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="101"/>
        <source>Go to this field and press the key or switch you want to use.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="106"/>
        <source>Also stop at this pause when I started with a tap</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="107"/>
        <source>Off: only you end what you say.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="111"/>
        <source>Ignore a second press within</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="112"/>
        <source>For trembling hands.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="117"/>
        <source>A press is a hold after</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="118"/>
        <source>A shorter press is a tap.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="132"/>
        <source>At most {percent} %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="136"/>
        <location filename="../ui/settings_view.py" line="148"/>
        <source>Personalization</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="137"/>
        <source>How far the model may be fitted to each thing you say. {now}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="144"/>
        <source>Find out by itself</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="146"/>
        <source>Understanding you</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="150"/>
        <source>0 is plain Whisper. It is used less by itself wherever it would make the text worse.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="153"/>
        <source>The language you speak</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="155"/>
        <source>Write every word as I say it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="155"/>
        <source>Also repeated and broken-off words.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="158"/>
        <source>Leave out “um” and repeated words</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="158"/>
        <source>Both texts are kept in the history.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="162"/>
        <source>Obey spoken commands</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="163"/>
        <source>New line, new paragraph, undo that, select that, delete that, stop listening.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="166"/>
        <source>Write punctuation I say</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="166"/>
        <source>“comma” becomes a comma, and so on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="175"/>
        <source>Where the text goes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="178"/>
        <source>Into other programs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="181"/>
        <source>The way that works best here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="182"/>
        <source>Always paste</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="183"/>
        <source>Always type</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="184"/>
        <source>Never: keep it in this window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="187"/>
        <source>How text is written here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="189"/>
        <source>Put back what was on the clipboard</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="189"/>
        <source>After pasting your words.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="196"/>
        <location filename="../ui/settings_view.py" line="207"/>
        <source>Microphone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="197"/>
        <source>The microphone to listen to.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="199"/>
        <location filename="../ui/settings_view.py" line="315"/>
        <source>The computer&apos;s own choice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="208"/>
        <source>Listen to</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="212"/>
        <source>Keep the microphone ready</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="213"/>
        <source>So that your first word is never lost. Nothing is kept until you start.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="220"/>
        <source>Look</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="221"/>
        <source>Text size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="224"/>
        <source>Colours</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="227"/>
        <location filename="../ui/settings_view.py" line="237"/>
        <source>As the desktop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="228"/>
        <source>Light</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="229"/>
        <source>Dark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="230"/>
        <source>High contrast</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="235"/>
        <source>Language of this window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="239"/>
        <source>Less movement</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="239"/>
        <source>Nothing pulses or slides.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="242"/>
        <source>Show the small sign on top of other windows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="243"/>
        <source>It says: ready, listening, writing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="246"/>
        <source>Start in the notification area</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="246"/>
        <source>Only where the desktop has one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="252"/>
        <source>Sounds and screen reader</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="253"/>
        <source>Sounds when listening starts and stops</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="256"/>
        <source>How loud</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="262"/>
        <source>Tell a screen reader what happens</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="263"/>
        <source>With sounds on, it stays quiet about start and stop.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="269"/>
        <source>Until I delete it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="270"/>
        <source>{days} days</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="273"/>
        <source>What is kept</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="276"/>
        <source>Keep in the history</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="279"/>
        <source>The text and the recording</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="280"/>
        <source>The text only</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="281"/>
        <source>Nothing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="284"/>
        <source>How long</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="287"/>
        <source>Keep my corrections with their recordings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="288"/>
        <source>On this computer only, so that a personal model can be trained from them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="293"/>
        <source>Nothing you say or write leaves this computer. The only thing ever fetched is a model you ask for.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="298"/>
        <source>Privacy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/settings_view.py" line="310"/>
        <source>All settings are back to how they were at the start.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>TalkBar</name>
    <message>
        <location filename="../ui/talk_bar.py" line="27"/>
        <source>Speak</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/talk_bar.py" line="27"/>
        <source>Start and stop listening.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/talk_bar.py" line="29"/>
        <source>What I hear so far</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/talk_bar.py" line="33"/>
        <source>Microphone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/talk_bar.py" line="35"/>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/talk_bar.py" line="37"/>
        <source>Stop without writing. The recording is kept in the history.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>TalkButton</name>
    <message>
        <location filename="../ui/talk_button.py" line="55"/>
        <source>or press {key}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/talk_button.py" line="57"/>
        <source>Speak</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/talk_button.py" line="57"/>
        <source>Press and speak. Press again when you have finished.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/talk_button.py" line="58"/>
        <source>Getting ready</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/talk_button.py" line="58"/>
        <source>The microphone is starting: one moment.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/talk_button.py" line="59"/>
        <source>Listening</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/talk_button.py" line="59"/>
        <source>Press when you have finished</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/talk_button.py" line="60"/>
        <source>Writing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/talk_button.py" line="60"/>
        <source>You can already speak again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/talk_button.py" line="61"/>
        <source>Try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/talk_button.py" line="61"/>
        <source>See the message above</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Tray</name>
    <message>
        <location filename="../ui/tray.py" line="27"/>
        <location filename="../ui/tray.py" line="62"/>
        <source>Speak</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/tray.py" line="29"/>
        <source>Cancel (the recording is kept)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/tray.py" line="31"/>
        <source>Undo last</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/tray.py" line="33"/>
        <source>Open Idiolect</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/tray.py" line="35"/>
        <source>Quit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/tray.py" line="62"/>
        <source>Finish speaking</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/tray.py" line="65"/>
        <source>ready</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/tray.py" line="66"/>
        <source>getting ready</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/tray.py" line="67"/>
        <source>listening</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/tray.py" line="68"/>
        <source>writing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/tray.py" line="69"/>
        <source>needs your attention</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Wording</name>
    <message>
        <location filename="../ui/wording.py" line="14"/>
        <source>No speech was heard.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/wording.py" line="18"/>
        <source>Personalized fully.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/wording.py" line="20"/>
        <source>Personalized at {percent} %, as you set it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/wording.py" line="24"/>
        <source>Personalization reduced to {percent} %.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/wording.py" line="28"/>
        <source>Not personalized, as you set it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/wording.py" line="31"/>
        <source>Not personalized.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/wording.py" line="39"/>
        <source>processor</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/wording.py" line="40"/>
        <source>graphics card</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/wording.py" line="41"/>
        <source>Apple graphics</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/wording.py" line="68"/>
        <source>without personalization</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>WordsCard</name>
    <message>
        <location filename="../ui/words_card.py" line="29"/>
        <location filename="../ui/words_card.py" line="34"/>
        <source>Your words</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/words_card.py" line="30"/>
        <source>Names and terms you use. Corrections add to them by themselves.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/words_card.py" line="31"/>
        <source>A new word</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/words_card.py" line="31"/>
        <source>Write a name or a term, then Enter.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/words_card.py" line="32"/>
        <source>A name or a term</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/words_card.py" line="34"/>
        <source>Words the model expects from you.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/words_card.py" line="40"/>
        <source>Add</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/words_card.py" line="40"/>
        <source>Add the word you wrote.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/words_card.py" line="42"/>
        <source>Forget the chosen word</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../ui/words_card.py" line="44"/>
        <source>Take the chosen word out of the list.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
