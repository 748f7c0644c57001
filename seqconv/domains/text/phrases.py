"""Words of the synthetic messages; a name in braces is drawn from the list of that name."""

HAM = """
are you free {when}?|can you pick me up from {place} {when}|running late, be at {place} in {few} minutes
ok see you {when}|haha that was so funny, {person} is still laughing|did you remember to {chore}?
i will {chore} {when}, promise|what do you want for dinner? {food} or {food}?
happy birthday {person}! hope you have a great day
sorry i missed your call, was {doing}|just got home from {place}, so tired|tell {person} i will be there {when}
my train is {few} minutes late again|do we need {food}? i am at the shop|cannot talk now, {doing}. later?
thanks for {when_past}, it was lovely|how did the {event} go?|i think i left my {item} at {place}
{person} says the {event} is {when}|love you, good night|the boss wants the report {when}, can you help?
are you still {doing}? we are waiting at {place}|let me know when you get to {place}
no i have not seen your {item}, ask {person}|bring your {item} {when} please|i am {doing}, call you after
"""

# Ham that shares the words of spam.
HARD_HAM = """
i won {few} pounds on the lottery, drinks are on me {when}!|free entry before ten so get to {place} early
your code is {code}. do not share it with anyone|your appointment is on {day} at {few}. reply YES to confirm
can you send me the money for the {item}? my account is {code}|got a voucher for {shop}, want to come {when}?
the tickets are free but you must claim them at {place} {when}|who won the prize at the {event}?
did you get the offer? congratulations, i am so proud of you!|i got a text from {bank}, is it a scam?
your bill of {amount} from {shop} is due on {day}|the new phone is great, free calls to all of you
your order from {shop} is on its way, follow it at {url}|your {shop} points are now worth {amount}
"""

SPAM = """
congratulations! you have won {prize}. call {phone} to claim|free {tone} for your mobile! text {word} to {short} now
urgent! your number was drawn for {prize}. to claim call {phone} before {day}
need cash? borrow up to {amount} today, no checks, {url}|{bank}: your account is on hold, confirm your details at {url}
your parcel from {shop} is waiting, pay {amount} for delivery at {url}
someone in {town} likes you! reply {word} to {short}, {price} per message
win {prize}! just text {word} to {short}. terms apply, {price}|last chance to collect {prize}, visit {url}
half price line rental from {shop}, call {phone} free|you are owed a refund of {amount}, apply at {url} today
your {shop} points end on {day}, swap them for {prize} at {url}|earn {amount} a week from home, details {url}
new {tone} every week! send {word} to {short}, stop any time, {price}
"""

# Spam that chats.
HARD_SPAM = """
mum this is my new number, can you send me {amount} {when}?|hi how are you? i am {doing} and bored, text me on {short}
are you free {when}? i have seen you in {town}, reply {word}|your friend {person} sent you a message, read it at {url}
did you see this video of you? {url}|it is {person} from {place}, i have {amount} for you, when can we meet?
your order from {shop} could not be delivered, book a new day at {url}|your code is {code}, not you? call {phone}
"""

# Sentences of both.
EITHER = """
hi it is {person}, this is my new number {phone}, text me back
hey it was nice to meet you at {place}, call me on {phone}
please call me on {phone}, it is urgent|you missed a call from {phone}|your order from {shop} arrives on {day}
your free place at the {event} is booked, reply YES by {day}|{bank}: {amount} was paid to {shop} on {day}
did you win? tell me {when}|i have a spare ticket for the {event} {when}, do you want it?
"""

OPENINGS = {
    "ham": "hey|hi {person}|ok|lol|yeah|hello|{person}|oh|sorry",
    "spam": "dear customer|hello|important|offer|private|final notice|hi|msg",
    "either": "hi|hello|hey|hi {person}|ok",
}
CLOSINGS = {
    "ham": "x|thanks|see you|lol|:)|let me know|love you|bye",
    "spam": "reply STOP to end|call now|18+|today only|box {code}|do not miss it|thanks|x",
    "either": "x|thanks|bye|let me know|reply soon",
}

SLOTS = {
    "when": "tonight|tomorrow|later|at {few}|after work|on {day}|this weekend|in {few} minutes|now",
    "when_past": "last night|yesterday|the weekend|dinner|the lift",
    "day": "monday|tuesday|wednesday|thursday|friday|saturday|sunday",
    "place": "the station|town|the gym|my place|work|the library|school|the pub|the airport|the bus stop|{town}",
    "person": "anna|ben|mum|dad|sam|lucy|tom|priya|mike|sarah|chen|omar|kate|joe|your sister|the kids",
    "chore": "feed the cat|pay the rent|buy {food}|call {person}|lock the door|book the tickets|do the washing",
    "food": "pizza|milk|bread|pasta|curry|eggs|rice|coffee|fish and chips|salad|beer",
    "doing": "in a meeting|driving|watching the match|at the gym|in class|cooking|on the bus|asleep|working|in bed",
    "event": "party|exam|interview|match|meeting|wedding|lesson|quiz|concert",
    "item": "keys|jacket|charger|book|phone|umbrella|bag|card|laptop|glasses",
    "shop": "Greenmart|Bellphone|Quickpost|Oakstore|Nordbooks|Fonehut",
    "bank": "Harbour Bank|First Lake Bank|Mint Bank|Kettle Union",
    "town": "Leeds|Oxford|Bath|York|Derby|Hull|Luton",
    "prize": "a holiday for two|{amount} cash|a new phone|a {shop} gift card worth {amount}|tickets to the final",
    "tone": "ringtone|wallpaper|game|logo|polyphonic tone",
    "word": "WIN|YES|CHAT|GO|TONE|PLAY|DATE|CASH",
    "price": "150p|25p|1.50 pounds|50p|3 pounds",
    "url": "www.{site}.example|http://{site}.example/{code}|{site}.example",
    "site": "claim-now|my-parcel|prize-4u|txtfun|easyloan|secure-login|luckydraw|hotdates|tonezone",
}

SHORT_FORMS = {
    "you": "u",
    "are": "r",
    "to": "2",
    "for": "4",
    "please": "pls",
    "tonight": "2nite",
    "see": "c",
    "your": "ur",
    "text": "txt",
    "message": "msg",
    "and": "n",
    "tomorrow": "tmrw",
    "thanks": "thx",
    "because": "cos",
    "cannot": "cant",
    "it is": "its",
    "i am": "im",
}
