"""Words and sentence frames for generated everyday text: talk, messages, commands, names and numbers.

A frame is a sentence with ``{slots}``; a slot names a list in ``SLOTS`` (or one of the number
slots that ``text`` fills, or ``{noun}``, ``{nouns}``, ``{adj}``, ``{verb}``, ``{verbed}``, ``{adverb}``,
which are drawn from the tagged Brown corpus). Frames, not only sentences, are split between training, development
and test, so that a frame heard in training never comes back.
"""

from __future__ import annotations


def words_of(text: str) -> tuple[str, ...]:
    """The entries of a list written with bars between them."""
    return tuple(text.split("|"))


SLOTS: dict[str, tuple[str, ...]] = {
    "first": words_of(
        "Ellen|John|Kate|Priya|Omar|Grace|Walter|Fiona|Miguel|Aisha|Dennis|Ruth|Harold|Mei|Tomas|Joanne|"
        "Keith|Sandra|Ravi|Beth|Oscar|Nadia|Leon|Clara|Yusuf|Irene|Philip|Donna|Kenji|Laura|Victor|Amara|"
        "Stephen|Rosa|Malcolm|Helen|Dmitri|Paula|Gordon|Ingrid|Samuel|Tanya|Neil|Bridget|Hassan|Judith|"
        "Carlos|Maureen|Eric|Lucy|Andre|Gwen|Peter|Olivia|Frank|Zoe|Martin|Chloe|Russell|Anita|Douglas|"
        "Sophie|Ivan|Teresa|Glenn|Farah|Patrick|Naomi|Roger|Elena|Howard|Jasmine|Luke|Wendy"
    ),
    "last": words_of(
        "Patel|Okafor|Murphy|Henderson|Nakamura|Lopez|Wright|Sullivan|Kowalski|Bennett|Chen|Fraser|Dawson|"
        "Rossi|Ahmed|Larsen|Whitaker|Gomez|Pritchard|Novak|Ellis|Barrett|Singh|Coleman|Fischer|Hayes|"
        "Romano|Bishop|Quinn|Tran|Maxwell|Osborne|Lindqvist|Mercer|Donnelly|Haddad|Brooks|Vaughan|Santos|"
        "Keller"
    ),
    "town": words_of(
        "Bristol|Memphis|Leeds|Portland|Galway|Tucson|Norwich|Halifax|Savannah|Dundee|Boulder|Cardiff|"
        "Omaha|Perth|Lincoln|Austin|Durham|Oxford|Raleigh|Wellington|Denver|Brighton|Toledo|York|Ottawa|"
        "Glasgow|Salem|Exeter|San Diego|Nottingham|Buffalo|Kent"
    ),
    "person": words_of(
        "my wife|my husband|my brother|my sister|my neighbour|my daughter|my son|our landlord|the nurse|"
        "the plumber|my grandson|the physio|my uncle|my boss|the receptionist|my cousin|the doctor|"
        "my mother|my dad|the pharmacist|the taxi driver|my old teacher|our accountant|the builder|"
        "my niece|the lady next door|a friend of mine|the speech therapist|my roommate|the electrician"
    ),
    "food": words_of(
        "lentil soup|fried rice|apple pie|scrambled eggs|tomato salad|garlic bread|fish fingers|porridge|"
        "roast chicken|mushroom risotto|pancakes|a cheese sandwich|baked potatoes|vegetable curry|"
        "lemon cake|noodles|grilled salmon|beans on toast|blueberry muffins|spaghetti|stuffed peppers|"
        "banana bread|chicken soup|tacos|oatmeal|a boiled egg|shepherd's pie|fruit salad"
    ),
    "item": words_of(
        "batteries|a new kettle|light bulbs|the blue folder|dish soap|two stamps|a phone charger|oat milk|"
        "the spare key|toothpaste|printer paper|a raincoat|dog food|paper towels|a birthday card|"
        "orange juice|the ladder|a screwdriver|reading glasses|my library books|olive oil|a pair of gloves|"
        "cough medicine|the red umbrella|some envelopes|a bag of flour|the garden hose|washing powder|"
        "a map|frozen peas"
    ),
    "place": words_of(
        "the bakery|the dentist|the train station|the swimming pool|the garage|the post office|the market|"
        "the library|the town hall|the clinic|the bank|the garden centre|the harbour|the chemist|"
        "the bus stop|the school gate|the hospital|the cinema|the gym|the church hall|the community centre|"
        "the airport|the park by the river|the hardware store|the barber|the football ground|"
        "the coffee shop|the museum"
    ),
    "room": words_of(
        "kitchen|bedroom|hallway|bathroom|garage|living room|cellar|attic|porch|study|dining room|laundry|"
        "garden|office|nursery|spare room"
    ),
    "thing": words_of(
        "the boiler|my hearing aid|the washing machine|the back door|the printer|the front tyre|"
        "the heating|my walking stick|the oven|the alarm|the internet|the shower|the dishwasher|"
        "my wheelchair|the fridge|the car|the remote|my laptop|the smoke detector|the doorbell|the gutter|"
        "the lift|the kettle|my watch|the curtain rail|the tablet|the garden gate|the radio"
    ),
    "doing": words_of(
        "walking the dog|painting the fence|playing cards|learning the piano|fixing the roof|"
        "watching the game|doing the crossword|baking bread|reading the paper|planting tomatoes|"
        "swimming lengths|sorting old photos|writing letters|cycling to work|singing in the choir|"
        "cleaning the windows|knitting a scarf|looking after the twins|packing boxes|practising my speech|"
        "building a shed|feeding the ducks|fishing off the pier|filling in forms|teaching a class|"
        "doing my exercises|listening to jazz|cutting the hedge"
    ),
    "do": words_of(
        "walk the dog|paint the fence|pay the rent|renew my passport|fix the roof|water the plants|"
        "call the bank|book a table|pick up the kids|take my tablets|change the sheets|order a taxi|"
        "sign the papers|mow the lawn|buy a ticket|return the parcel|clean the windows|write it down|"
        "charge the phone|ring the surgery|wrap the presents|unload the van|collect the prescription|"
        "check the oil|cancel the gym|bake a cake|tidy the garage|feed the cat|sort out the bins|"
        "practise every morning|get up the stairs|button my shirt"
    ),
    "body": words_of(
        "left hand|right arm|lower back|voice|balance|left leg|knee|shoulder|handwriting|hip|jaw|"
        "right foot|neck|speech|memory|grip|tongue|breathing"
    ),
    "feel": words_of(
        "tired|angry|hopeful|embarrassed|lucky|nervous|relieved|frustrated|proud|worn out|calm|scared|"
        "grateful|lonely|stubborn|shaky|optimistic|weak|confused|fine|cheerful|overwhelmed|better|useless|"
        "strong|stiff|alive|guilty"
    ),
    "day": words_of("Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"),
    "month": words_of("January|February|March|April|May|June|July|August|September|October|November|December"),
    "when": words_of(
        "tomorrow|tonight|next week|this afternoon|after lunch|before breakfast|at the weekend|"
        "in the morning|later today|on the way home|as soon as you can|by Friday|after the meeting|"
        "this evening|when it stops raining|at the end of the month|first thing|any minute now"
    ),
    "past": words_of(
        "last year|a few months ago|back in the spring|about ten years ago|yesterday|the other day|"
        "last Tuesday|when I was young|at first|after the operation|that summer|over Christmas|last night|"
        "a long time ago|two weeks ago|before the move|in the nineties|the first time|this morning|"
        "right after we married|when I was working"
    ),
    "weather": words_of("windy|foggy|warm|freezing|sunny|wet|humid|stormy|icy|mild|cloudy|miserable|gorgeous|dry"),
    "colour": words_of("green|navy blue|yellow|grey|purple|dark red|white|orange|brown|pink|turquoise|cream"),
    "job": words_of(
        "a bus driver|an engineer|a carpenter|a midwife|a postman|a chef|a librarian|a welder|"
        "a music teacher|an accountant|a farmer|a nurse|a lawyer|a lorry driver|a photographer|"
        "a police officer|a gardener|a translator|a dentist|a pilot"
    ),
    "quantity": words_of(
        "two|three|four|five|six|seven|eight|nine|ten|a dozen|fifteen|twenty|thirty|forty|fifty|sixty|ninety"
    ),
    "opener": words_of(
        "Well,|You know,|So|I mean,|And|But|Actually,|Honestly,|And then|Anyway,|So basically,|I think|"
        "To be honest,|Yeah,|And I guess|And so|Because|Look,|Now,|And you know,|Oh,|The thing is,|"
        "Of course,|I suppose|Funnily enough,|In the end|Right,|And the other thing is,"
    ),
    "tail": words_of(
        "you know|I think|to be honest|really|at the time|or something like that|and that was that|"
        "if you like|I suppose|more or less|in a way|as far as I know|and so on|for me anyway|"
        "believe it or not|these days|most of the time|if that makes sense|and that's okay|I guess"
    ),
    "app": words_of(
        "calendar|music player|inbox|photo album|shopping list|browser|settings|camera|weather page|"
        "alarm clock|map|notebook"
    ),
    "genre": words_of(
        "jazz|folk music|classical piano|the news|old blues|reggae|my running mix|birdsong|an audiobook|"
        "country songs|rain sounds"
    ),
}

# What people say when they talk freely: first person, loosely joined, often about health and family.
TALK: tuple[str, ...] = (
    "{opener} I had a really {adj} {noun} {past}",
    "{opener} it was a {adj} shock for {person}",
    "I kind of knew that something was {feel} about my {body}",
    "{opener} we never talked about the {noun} much, {tail}",
    "my {body} started to shake whenever I tried to {do}",
    "{person} would say you're not using your {body} the way you did",
    "I was very {feel} {past}, and nobody could tell me why",
    "{opener} you can't just {do} and hope for the best",
    "it takes me {quantity} minutes to {do} these days",
    "{opener} I used to be {job} in {town}, {tail}",
    "the hardest part is {doing} when my {body} won't listen",
    "we moved to {town} {past} and I started {doing}",
    "{opener} {person} asked me to slow down and say it again",
    "sometimes the words get stuck and I feel {feel}, {tail}",
    "I don't want anybody to feel sorry for me because of a {noun}",
    "{opener} there's always a {adj} {noun} somewhere in the {room}",
    "when I told {person} about it, there was just silence",
    "I'm still {doing} every {day}, and it keeps me {feel}",
    "{opener} the doctors said the {noun} was perfectly normal",
    "it's not a death sentence, it's more like a {adj} {noun}",
    "that was the {noun} that changed everything for {person}",
    "{opener} {person} has been absolutely wonderful since {month}",
    "I couldn't {do} without dropping something, {tail}",
    "so I went from being {feel} to being {feel} in about {quantity} days",
    "{opener} I remember {doing} with {first} in the rain",
    "what helps me most is {doing} before I {do}",
    "at work they gave me a {adj} {noun} and a quiet {room}",
    "we laughed about the {noun} for {quantity} years afterwards",
    "{opener} some days I feel {feel} and some days I don't",
    "people think I'm {feel}, but it's only my {body}",
    "I haven't {verbed} anything that {adj} since I left {town}",
    "{opener} our {noun} was bigger than the whole {room}",
    "it started with a little {noun} in my {body}",
    "the {noun} wasn't smelling as {adj} as it should, {tail}",
    "I got {quantity} letters about my {noun}, all of them {adj}",
    "{opener} exercise is the one thing that really makes a difference",
    "{first} and I were fairly new to {town} back then",
    "you have to accept the {noun} and carry on {doing}",
    "nobody ever told me the {nouns} could be so {adj}",
    "{opener} I stayed in hospital for {quantity} nights with {noun}",
    "I'd rather be {doing} than sitting around feeling {feel}",
    "my father was {job}, so he understood {nouns}",
    "{opener} it got to a point where I had to {do} myself",
    "there were {quantity} of us in that {room}, all {feel}",
    "every time I {verb}, {person} starts laughing",
    "{opener} the medication makes me {feel} around lunchtime",
    "they {verbed} me {adverb} and sent me home",
    "if I concentrate on my {body} then I can still {do}",
    "I was worried about {noun} and {noun}, {tail}",
    "{opener} it is what it is, and tomorrow I'll {do}",
    "looking back, the {adj} {nouns} were already there",
    "{person} told me a story about a {noun} from {town}",
    "I never thought that {doing} would be so {adj}",
    "{opener} we have a support group every {day} near {place}",
    "my voice just fades away when I feel {feel}",
    "some people finish my sentences, and that makes me {feel}",
    "{opener} the {noun} was {adverb} {adj}, but we managed",
    "then one morning I couldn't {do}, and I knew",
    "the kids think {doing} with grandpa is {adj}",
    "I've been told that {nouns} are good for your {body}",
)

# Dictated messages and notes.
MESSAGE: tuple[str, ...] = (
    "Hi {first}, could you pick up {item} from {place} {when}?",
    "{first}, I'm running {quantity} minutes late, please start without me.",
    "Dear Mrs. {last}, thank you for your letter about the {noun}.",
    "Please remind {person} to {do} {when}.",
    "We're out of {food}, so can you stop at {place}?",
    "The meeting with {first} {last} has moved to {clock} on {day}.",
    "My new number is {phone}.",
    "Can {first} bring {item} when you come over?",
    "I'm at {place} and it's {weather}, come and find me.",
    "Happy birthday, {first}, I hope you get {food} and {item}.",
    "{thing} is making a {adj} noise again, can somebody look at it?",
    "Tell {first} the {colour} one costs {money}.",
    "I can't make it on {day}, how about {month} {ordinal}?",
    "Dinner is at {clock}, we're having {food}.",
    "Did you remember to {do} before you left?",
    "Sorry I missed you, I was {doing} at {place}.",
    "The train to {town} leaves at {clock} from platform {quantity}.",
    "Could we talk about the {adj} {noun} {when}?",
    "Doctor {last} wants to see me about my {body} {when}.",
    "I've left {item} on the table in the {room}.",
    "Thanks for {doing} with me, {first}, it made my day.",
    "Please send {quantity} copies of the {noun} report to {town}.",
    "{first} and {first} arrive {when}, so the {room} must be tidy.",
    "Ask {person} whether {nouns} are included in the price.",
    "The invoice for {money} is due on {month} {ordinal}.",
    "I parked the {colour} car behind {place}.",
    "Let me know when you have {verbed} the {noun}.",
    "It's {weather} here, but tomorrow looks {weather}.",
    "Our address is {house} {last} Street, {town}.",
    "Has anyone seen {item}? It was in the {room} {past}.",
    "Good morning, {first}, I slept badly but I feel {feel}.",
    "{person} can't come to the phone because of {nouns}.",
    "I need somebody to {do} while I'm in {town}.",
    "Sign me up for the {noun} course that starts in {month}.",
    "Would you like {food} or {food} for lunch?",
    "The {nouns} were {adj}, please thank {first} for me.",
    "Just a note to say {thing} works again.",
    "Please don't forget {item}, because {person} asked twice.",
    "I'd like a refund of {money} for {item}.",
    "{first} fell near {place}, but her {body} is only bruised.",
    "We should invite the {last} family for {food}.",
    "What time do you finish {doing} on {day}?",
)

# Short commands and questions to a device.
COMMAND: tuple[str, ...] = (
    "Turn off the lights in the {room}.",
    "Set a timer for {quantity} minutes.",
    "Wake me up at {clock} on {day}.",
    "Call {first} {last} on speaker.",
    "Play {genre} in the {room}.",
    "Add {item} to my shopping list.",
    "Remind me to {do} {when}.",
    "What's the weather in {town} {when}?",
    "Open the {app} and search for {nouns}.",
    "Read my last message from {first}.",
    "Turn the heating up to {quantity} degrees.",
    "How long does it take to drive to {town}?",
    "Delete the alarm for {clock}.",
    "Show me photos from {town} in {month}.",
    "Send a message to {first} saying I feel {feel}.",
    "Find a recipe with {food}.",
    "Make the {app} text larger.",
    "Lock {thing} and close the blinds.",
    "New paragraph, then write the word {noun}.",
    "Scroll down to the part about {nouns}.",
    "Navigate to {place} in {town}.",
    "Volume down in the {room}, please.",
    "Book a table for {quantity} on {day} at {clock}.",
    "Translate {noun} into Spanish.",
    "Is {place} still open {when}?",
    "Cancel my appointment with Doctor {last}.",
    "Pause {genre} until {clock}.",
    "Skip this song and play {genre}.",
    "How do you spell {noun}?",
    "Take a note about {thing}.",
    "Email {first} {last} the {adj} {noun}.",
    "Start the {noun} programme on the washing machine.",
    "Mark {month} {ordinal} as a holiday.",
    "Stop listening after {quantity} seconds.",
    "Dial {phone}.",
    "Undo that, and change it to {noun}.",
)

# What is repeated on purpose, and the small words of talk: said, and meant to be written down.
FREE: tuple[str, ...] = (
    "{opener} I was {feel}, I was {feel}, and nobody asked me why",
    "he was {feel}, he was {doing} before anybody noticed",
    "they never asked me to {do}, they never asked me to be {job}",
    "it's not {adj}, it's not {adj}, it's just a {noun}",
    "we had {nouns}, we had {nouns}, you know, everything",
    "some days I can {do}, some days I can't even {do}",
    "and it's like, you know, {doing} all over again",
    "and it was like it was too {adj} to {do}",
    "and you know, it's kind of {feel}, {tail}",
    "{person} said it was the {noun}, {person} said it was always the {noun}",
    "she sings, you know, while she is {doing}",
    "I'd go to {place}, and I'd go to {place}, and there was nothing",
    "no, no, I mean the {colour} one, you know, in the {room}",
    "and it's very, very {adj}, you know, for {person}",
    "it was a long, long way to {town}, and I was {feel}",
    "to her, to her it was only a {noun}",
    "I had to {do}, I really had to {do}, and I did",
    "we said that that was {adj}, and nobody minded",
    "and then, you know, {person} would say, well, that's the {noun}",
    "it's something like {doing}, it's something like {doing} with {first}",
    "and I thought, you know what, I'll {do} {when}",
    "there was {food}, there was {food}, there was, you know, {food}",
    "I think it's, I think it's more about the {nouns}",
    "and it just, you know, it just gets {adj}",
    "the {noun} is, sort of, the {noun} is what I miss most",
    "what I mean is, like, you can {do} and you can {do}",
    "and so it goes on and on and on until you're {feel}",
    "it's the {noun}, you know, it's the {noun} that gets you",
    "we talked and talked and talked about {doing} {past}",
    "and {first} was like, you know, you look {feel}",
    "I kept {doing}, I kept {doing}, because it makes me {feel}",
    "it takes a lot, it takes an awful lot, to {do}",
    "not that I'm {feel}, you know, not that I'm {feel} at all",
    "and I'm like, yeah, yeah, I used to be {job}",
    "who's going to {do}, who's going to {do} if I can't",
    "because, you know, because {nouns} are {adj}",
)

FRAMES: dict[str, tuple[str, ...]] = {"talk": TALK, "message": MESSAGE, "command": COMMAND, "free": FREE}
