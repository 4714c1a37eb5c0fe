"""The stories of Fjordby, each in Danish and English."""

from dataclasses import dataclass

Text = tuple[str, str]


@dataclass(frozen=True, slots=True)
class DemoStory:
    """A story as the demo tells it. `day` and `lives` in days: day 0 is the last, lives after publishing.

    One that `waits` is not told by its leader yet.
    """

    slug: str
    picture: str
    topic: str
    purpose: str
    title: Text
    why: Text
    body: Text
    alt: Text
    day: int
    lives: int = 14
    team: str | None = None
    leader: str | None = None
    line: Text = ("", "")
    audience: str | None = None
    waits: bool = False
    state: str = "published"


CARE_ALT = (
    "Tegning: en ældre kvinde og en SOSU-assistent drikker kaffe",
    "Drawing: an older woman and a care assistant having coffee",
)
WINTER_ALT = (
    "Tegning: en sneplov på en vej, før solen er oppe",
    "Drawing: a snow plough on a road before sunrise",
)
SCHOOL_ALT = (
    "Tegning: børn i gummistøvler i en skolehave",
    "Drawing: children in wellies in a school garden",
)
BIKE_ALT = ("Tegning: en cyklist på en bro i morgenlys", "Drawing: a cyclist on a bridge in morning light")
LIBRARY_ALT = (
    "Tegning: et bibliotek med lys i vinduerne om aftenen",
    "Drawing: a library with lit windows in the evening",
)
CLIMATE_ALT = (
    "Tegning: et regnbed med blomster foran et hus",
    "Drawing: a rain garden with flowers in front of a house",
)

STORIES = (
    DemoStory(
        "kaffen", "care", "care", "trainees",
        ("Kaffen kommer før kalenderen", "Coffee before the calendar"),
        ("Vi søger 40 elever til februar. De vil hellere høre det fra dig end fra en annonce.", "We need 40 trainees by February. They would rather hear it from you."),
        (
            "Kl. 7.20 ringer Nadia på hos Else. De første otte minutter sker der ingenting, som kan sættes ind i et skema. Vand i kanden. To kopper. Avisen på den rigtige side af bordet.\n\n“Hvis jeg begynder med pillerne, får jeg kun svar på det, jeg spørger om,” siger Nadia. “Begynder jeg med kaffen, får jeg resten.”\n\nHjemmepleje Nord har brugt et år på at flytte morgenmøderne, så de første besøg kan vare længere. Det har ikke kostet en ekstra time.\n\nElse hedder noget andet i virkeligheden.",
            "At 7.20 Nadia rings at Else’s door. For the first eight minutes nothing happens that would fit into a form. Water in the kettle. Two cups. The paper on the right side of the table.\n\n“If I start with the pills, I only get answers to what I ask,” says Nadia. “If I start with the coffee, I get the rest.”\n\nHome Care North spent a year moving its morning meetings so that the first visits can take longer. It has not cost an extra hour.\n\nElse is not her real name.",
        ),
        CARE_ALT, 0, 6, "north", "lone",
        ("Jeg var med Nadia en morgen i oktober. Jeg kom for at lære om ruteplaner og gik derfra med en historie om ærter.", "I went along with Nadia one morning in October. I came to learn about routes and left with a story about peas."),
    ),
    DemoStory(
        "sneplov", "winter", "roads", "neighbours",
        ("Kl. 03.40 er din vej allerede ryddet", "By 3.40 am your road is already clear"),
        ("Første sne ventes mandag. Vis, hvem der er vågne.", "First snow is due Monday. Show who is awake."),
        (
            "Når telefonen ringer kl. 02.50, har Jonas tøjet liggende på stolen. Han har kørt ruten i elleve vintre og kender hvert dæksel, der stikker op.\n\n“Det værste er ikke sneen. Det er bilerne, der holder, hvor de plejer at holde,” siger han. Derfor kører de skolevejene først og villavejene til sidst.\n\nKl. 06.15 mødes de syv chauffører til rundstykker på pladsen. Så ved de, hvor der er glat, længe før radioen gør.",
            "When the phone rings at 2.50 am, Jonas has his clothes ready on the chair. He has driven the route for eleven winters and knows every manhole cover that sticks up.\n\n“The snow is not the worst. It is the cars parked where they always park,” he says. That is why the school roads come first and the side streets last.\n\nAt 6.15 the seven drivers meet for rolls at the depot. By then they know where it is slippery, long before the radio does.",
        ),
        WINTER_ALT, 0, 12, "roads",
    ),
    DemoStory(
        "broeker", "school", "school", "school",
        ("Brøker er nemmere i gummistøvler", "Fractions are easier in wellies"),
        ("Forældre vælger skole nu. Her er en grund mere.", "Parents choose schools now. Here is one more reason."),
        (
            "På Skovskolen ligger matematikken i køkkenhaven om onsdagen. Et bed på fire gange tre meter skal deles mellem otte børn, og gulerødderne vil have en tredjedel.\n\n“De spørger ikke længere, hvad de skal bruge det til,” siger deres lærer Rikke. “De står med det i hænderne.”\n\nForældrene opdagede det, da børnene begyndte at måle op derhjemme.",
            "At Forest School maths happens in the kitchen garden on Wednesdays. A bed of four by three metres must be shared by eight children, and the carrots want a third.\n\n“They no longer ask what they need it for,” says Rikke, their teacher. “They are holding it in their hands.”\n\nThe parents found out when the children started measuring things at home.",
        ),
        SCHOOL_ALT, -1, 16, "forest", "jens",
        ("Jeg holdt målebåndet. Jeg holdt det forkert.", "I held the tape measure. I held it wrong."),
    ),
    DemoStory(
        "bibliotek", "library", "culture", "neighbours",
        ("Biblioteket har åbent, når det er lukket", "The library is open when it is closed"),
        ("Vi får 300 nye naboer til nytår. Fortæl dem, hvor der er varmt.", "We get 300 new neighbours at New Year. Tell them where it is warm."),
        (
            "Efter kl. 18 er der ingen ved skranken, men der er lys. Studerende, en strikkeklub og en mand, der læser aviser fra tre lande.\n\nOmar og hans kolleger har slidt i et år på at gøre nøglen så enkel, at man kan bruge den med poser i hænderne. Sygesikringskortet er nok.\n\n“Det dyreste, vi har, er rummet,” siger han. “Det ville være mærkeligt at låse det halvdelen af døgnet.”",
            "After 6 pm there is nobody at the desk, but the lights are on. Students, a knitting club and a man who reads papers from three countries.\n\nOmar and his colleagues worked for a year to make the key so simple that you can use it with bags in your hands. Your health card will do.\n\n“The most expensive thing we have is the room,” he says. “It would be odd to lock it half the day.”",
        ),
        LIBRARY_ALT, -1, 15, "library", "birgit",
        ("Jeg har skrevet tre budgetter her efter lukketid. De blev bedre af det.", "I have written three budgets here after hours. They were better for it."),
    ),
    DemoStory(
        "bro", "bike", "roads", "neighbours",
        ("En million ture over havnen, og Kasper har set dem alle", "A million rides across the harbour, and Kasper saw them all"),
        ("Byrådet stemmer om bro nummer to på tirsdag.", "The council votes on bridge number two on Tuesday."),
        (
            "Tælleren ved cykelbroen passerede en million en regnfuld torsdag. Kasper, der passer den, stod der tilfældigvis og skiftede en pære.\n\nI frost salter han broen, før nogen andre er ude. Han bruger sand, hvor salt ville tære, og han kender de tre pendlere, der altid vinker.\n\n“Man bygger en bro én gang,” siger han. “Resten er at passe på den.”",
            "The counter at the bicycle bridge passed one million on a rainy Thursday. Kasper, who looks after it, happened to be there changing a bulb.\n\nIn frost he grits the bridge before anyone is out. He uses sand where salt would corrode, and he knows the three commuters who always wave.\n\n“You build a bridge once,” he says. “The rest is looking after it.”",
        ),
        BIKE_ALT, -2, 16, "roads",
    ),
    DemoStory(
        "regnbed", "climate", "climate", "neighbours",
        ("Et bed på 40 m² holder kældrene tørre", "A bed of 40 m² keeps the cellars dry"),
        ("Skybrud rammer os igen. Vis, hvad vi gør ved det.", "Cloudbursts will come again. Show what we do about it."),
        (
            "Ved Enghaven stod kældrene under vand i juli for tre år siden. Nu ligger der et bed med iris og mjødurt, som kan drikke vandet fra to tage.\n\nMehmet har gravet ni af dem. “Folk tror, at det er pynt,” siger han. “Så regner det, og så kommer de ud og kigger.”\n\nNummer ti kommer i jorden i næste uge, og naboerne har meldt sig til at vande.",
            "At Enghaven the cellars stood under water in July three years ago. Now there is a bed of iris and meadowsweet that can drink the water from two roofs.\n\nMehmet has dug nine of them. “People think it is decoration,” he says. “Then it rains, and they come out to look.”\n\nNumber ten goes into the ground next week, and the neighbours have offered to water it.",
        ),
        CLIMATE_ALT, -3, 14, "parks",
    ),
    DemoStory(
        "nattevagt", "care", "care", "trainees",
        ("Nattevagten på Egehøj har en lommelygte og en sang", "The night shift at Egehøj has a torch and a song"),
        ("Nætterne mangler vi flest til. Fortæl, hvad der er godt ved dem.", "Nights are hardest to staff. Tell what is good about them."),
        (
            "Mellem tre og fem er der så stille på Egehøj, at man kan høre køleskabet. Det er også dér, nogen vågner og ikke ved, hvor de er.\n\nTove tænder ikke loftslyset. Hun sætter sig med lygten pegende nedad og nynner den sang, som beboerens mor sang. Den står i mappen, lige efter medicinen.\n\n“Det tager fire minutter,” siger hun. “Uden sangen tager det en time.”",
            "Between three and five it is so quiet at Egehøj that you can hear the fridge. That is also when someone wakes and does not know where they are.\n\nTove does not switch on the ceiling light. She sits down with the torch pointing at the floor and hums the song that the resident’s mother sang. It is in the folder, right after the medicine.\n\n“It takes four minutes,” she says. “Without the song it takes an hour.”",
        ),
        CARE_ALT, -4, 18, "egehoj",
    ),
    DemoStory(
        "haven-paa-taget", "school", "school", "school",
        ("Haven på taget har fået en vært", "The garden on the roof has found a host"),
        ("Skoleåret planlægges nu. Vis, hvad elever kan få ansvar for.", "The school year is being planned. Show what pupils can take charge of."),
        (
            "Ahmad går i ottende klasse og har nøglen til taget. Ikke alle timer, men nok til, at bierne kender ham.\n\nDet begyndte, fordi pedellen blev syg, og nogen skulle vande. Nu viser han førsteklasserne rundt og siger de samme tre ting hver gang: gå langsomt, lyt, tag ikke fat.\n\n“Han er den bedste underviser, vi har på det tag,” siger hans lærer.",
            "Ahmad is in year eight and has the key to the roof. Not at all hours, but enough for the bees to know him.\n\nIt began because the caretaker fell ill and somebody had to water. Now he shows the first-years round and says the same three things each time: walk slowly, listen, do not grab.\n\n“He is the best teacher we have on that roof,” says his own.",
        ),
        SCHOOL_ALT, -6, 20, "forest",
    ),
    DemoStory(
        "salt", "winter", "roads", "neighbours",
        ("Salt er ikke bare salt", "Salt is not just salt"),
        ("Vi bliver spurgt hver vinter. Her er svaret, fortalt af dem, der ved det.", "We are asked every winter. Here is the answer, from those who know."),
        (
            "I laden ligger der tre bunker, og de ser ens ud. Den ene virker til minus syv, den anden til minus femten, og den tredje er grus.\n\nTorben smager ikke på dem, selvom alle elever tror det. Han mærker på dem. “Fugtigt salt bliver liggende. Tørt salt blæser i grøften, og så har vi betalt for grøften.”\n\nSidste vinter brugte de en femtedel mindre.",
            "In the barn there are three heaps, and they look alike. One works down to minus seven, the next to minus fifteen, and the third is grit.\n\nTorben does not taste them, though every trainee believes it. He feels them. “Damp salt stays put. Dry salt blows into the ditch, and then we have paid for the ditch.”\n\nLast winter they used a fifth less.",
        ),
        WINTER_ALT, -9, 21, "roads",
    ),
    DemoStory(
        "ordblind", "library", "culture", "neighbours",
        ("Bogen, der læser højt for Kim på 54", "The book that reads aloud to Kim, 54"),
        ("Uge for læselyst. Fortæl om nogen, der begyndte sent.", "A week for the joy of reading. Tell of someone who began late."),
        (
            "Kim har kørt lastbil i tredive år og aldrig læst en bog færdig. Så hørte han en på biblioteket, med teksten foran sig og stemmen i øret.\n\nDet var Nadja ved skranken, der spurgte, om han ville prøve. Hun spurgte ikke hvorfor. Nu er han ved nummer nitten.\n\n“Det bedste er, at ingen gjorde et nummer ud af det,” siger Kim, der har sagt ja til at være med her.",
            "Kim drove a lorry for thirty years and never finished a book. Then he heard one at the library, with the text in front of him and the voice in his ear.\n\nIt was Nadja at the desk who asked if he would like to try. She did not ask why. He is now on number nineteen.\n\n“The best thing is that nobody made a fuss,” says Kim, who has agreed to be mentioned here.",
        ),
        LIBRARY_ALT, -11, 20, "library",
    ),
    DemoStory(
        "koekken", "climate", "climate", "neighbours",
        ("Rådhuskøkkenet smider næsten ingenting ud", "The Town Hall Kitchen throws almost nothing away"),
        ("Klimaplanen skal til debat. Begynd med frokosten.", "The climate plan is up for debate. Start with lunch."),
        (
            "På en god dag er der ni hundrede gram tilbage, når 240 har spist. Det vejer Samira hver dag og skriver med kridt på døren.\n\nTallet har gjort noget ved dem alle. Kokken laver mindre af det pæne og mere af det, der bliver spist. Brød fra i går bliver til rugbrødschips, og de er væk kl. 12.30.\n\nDer er ingen kampagne. Der er kun en dør med et tal.",
            "On a good day nine hundred grams are left when 240 have eaten. Samira weighs it every day and chalks it on the door.\n\nThe number has done something to all of them. The chef makes less of what looks nice and more of what gets eaten. Yesterday’s bread becomes crisps, and they are gone by 12.30.\n\nThere is no campaign. There is only a door with a number.",
        ),
        CLIMATE_ALT, -13, 20, "kitchen",
    ),
    DemoStory(
        "elev", "care", "care", "trainees",
        ("Min første uge lærte jeg at vente", "In my first week I learned to wait"),
        ("Elever lytter til elever. Del den, hvis du husker din egen første uge.", "Trainees listen to trainees. Share it if you remember your own first week."),
        (
            "“Jeg troede, at jeg skulle vise, hvor hurtig jeg var,” siger Yasmin, der er elev i Hjemmepleje Syd.\n\nHendes vejleder gik bagved og sagde ingenting. Ved den tredje dør stoppede hun hende og bad hende tælle til ti, før hun tog fat. Ved syv begyndte borgeren selv at rejse sig.\n\n“Det er det sværeste, jeg har lært,” siger Yasmin. “Og det billigste.”",
            "“I thought I had to show how fast I was,” says Yasmin, a trainee in Home Care South.\n\nHer mentor walked behind and said nothing. At the third door she stopped her and asked her to count to ten before helping. At seven the resident began to stand up by himself.\n\n“It is the hardest thing I have learned,” says Yasmin. “And the cheapest.”",
        ),
        CARE_ALT, -16, 24, "south", audience="health",
    ),
    DemoStory(
        "graesslaaning", "climate", "climate", "neighbours",
        ("Vi slår mindre græs, og det larmer mere", "We mow less, and it hums more"),
        ("Foråret er væk, men spørgsmålet kommer igen.", "Spring is gone, but the question comes back."),
        ("Langs ringvejen har Park og Natur ladet græsset stå.\n\nDet sparer en uge om året og har givet os humlebier, som ingen havde bestilt.", "Along the ring road the Parks team let the grass grow.\n\nIt saves a week a year and has brought bumblebees nobody ordered."),
        CLIMATE_ALT, -20, 6, "parks",
    ),
    DemoStory(
        "musik", "library", "culture", "school",
        ("Femten celloer på en trappe", "Fifteen cellos on a staircase"),
        ("Tilmeldingen til Kulturskolen åbner i morgen.", "Sign-up for the School of Arts opens tomorrow."),
        ("Når Kulturskolen øver i opgangen, er det ikke af pladsmangel.\n\nDet er, fordi klangen er bedst mellem første og anden sal, og fordi naboerne er begyndt at sætte stole frem.", "When the School of Arts rehearses in the stairwell, it is not for lack of space.\n\nIt is because the sound is best between the first and second floor, and because the neighbours have started to put out chairs."),
        LIBRARY_ALT, 1, 14, "music",
    ),
    DemoStory(
        "sofaen", "library", "culture", "school",
        ("Otte børn, en sofa og en kat, der ikke var inviteret", "Eight children, a sofa and a cat nobody invited"),
        ("Vi søger voksne, der vil læse højt. Begynd med en, der selv er bange for det.", "We need adults who will read aloud. Begin with one who is afraid of it."),
        (
            "Hver onsdag kl. 15 sætter Børnebiblioteket en sofa ud midt på gulvet. Den, der sætter sig, læser højt, til nogen går.\n\nI oktober var det vagtmesteren. Han havde øvet sig på sin kone. Ved side ni kom en kat ind ad døren, og så ville ingen hjem.",
            "Every Wednesday at 3 pm the children’s library puts a sofa in the middle of the floor. Whoever sits down reads aloud until someone leaves.\n\nIn October it was the caretaker. He had practised on his wife. On page nine a cat came in through the door, and then nobody wanted to go home.",
        ),
        LIBRARY_ALT, 0, 14, "library", "birgit", waits=True,
    ),
    DemoStory(
        "koereplan", "bike", "roads", "neighbours",
        ("Den gule bus kører udenom, og børnene ved hvorfor", "The yellow bus goes round, and the children know why"),
        ("", ""),
        ("Et udkast, som mangler sin grund.", "A draft that lacks its reason."),
        BIKE_ALT, 0, 14, "roads", state="draft",
    ),
)  # fmt: skip

# Three questions for each topic: label, question and a soft beginning, each in Danish and English.
ANGLES: dict[str, tuple[tuple[Text, Text, Text], ...]] = {
    topic: (
        (("Et øjeblik", "A moment"), moment, ("Det minder mig om en morgen, hvor …", "It reminds me of a morning when …")),
        (("Bag om", "Behind it"), behind, ("Det, man ikke ser, er …", "What you don’t see is …")),
        (("En tak", "A thank-you"), thanks, ("Jeg vil gerne fremhæve …", "I want to mention …")),
    )
    for topic, moment, behind, thanks in (
        ("care", ("Hvornår oplevede du det sidst selv?", "When did you last see this yourself?"), ("Hvad ser borgerne aldrig?", "What do residents never see?"), ("Hvem gør det her godt?", "Who does this well?")),
        ("school", ("Hvornår så du sidst et barn forstå noget?", "When did you last see a child get it?"), ("Hvad sker der, før klokken ringer?", "What happens before the bell rings?"), ("Hvilken kollega lærte dig noget?", "Which colleague taught you something?")),
        ("climate", ("Hvor lagde du mærke til det?", "Where did you notice it?"), ("Hvad skulle I prøve to gange?", "What did you have to try twice?"), ("Hvem fik ideen?", "Whose idea was it?")),
        ("roads", ("Hvad så du sidst, du var derude?", "What did you see when you were last out there?"), ("Hvad skal der til, for at det virker kl. 6?", "What does it take to make it work at 6 am?"), ("Hvem er altid vågen først?", "Who is always up first?")),
        ("culture", ("Hvem mødte du der sidst?", "Whom did you last meet there?"), ("Hvad ved kun I, der arbejder der?", "What do only those who work there know?"), ("Hvem gør plads til andre?", "Who makes room for others?")),
    )
}  # fmt: skip
