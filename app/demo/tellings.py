"""What people of Fjordby wrote when they told a story onward. Beginnings and ends that go together."""

BEGINNINGS = (
    "Jeg tænkte på det i bilen på vej hjem i går.",
    "Min kollega sagde noget i pausen, som jeg ikke har kunnet slippe.",
    "Vi var kun tre på vagt den dag, og alligevel gik det.",
    "Da jeg begyndte her for fire år siden, forstod jeg det ikke.",
    "Der er ting, man først opdager, når man har været her en vinter.",
    "I morges stod jeg med kaffen i hånden og så det ske igen.",
    "Det er ikke noget, man får en medalje for, men det betyder noget.",
    "Mine børn spørger tit, hvad jeg egentlig laver hele dagen.",
    "Jeg troede, at det handlede om tid. Det gjorde det ikke.",
    "Sidste tirsdag var en af de dage, hvor planen holdt i ti minutter.",
    "En borger stoppede mig foran Netto for at sige tak.",
    "Jeg er ikke typen, der deler så meget, men den her skal med.",
)
MIDDLES = (
    "Det lille ekvarter, vi gav hinanden, ændrede hele formiddagen",
    "Ingen havde bedt os om det, og derfor blev det gjort ordentligt",
    "Man kan mærke på folk, når nogen har taget sig tid til at lytte først",
    "Vi prøvede noget nyt, det gik skævt, og så prøvede vi igen om torsdagen",
    "Det er i overleveringen mellem to vagter, at det gode arbejde sker",
    "Jeg lærte mere af at se til end af at læse vejledningen",
    "Når vejret er værst, er vi der tidligst, og det er jeg stolt af",
    "Det kræver, at man tør sige højt, at man ikke ved det endnu",
    "Halvdelen af jobbet er at huske, hvad folk sagde sidst",
)
ENDS = (
    "Det er derfor, jeg bliver her.",
    "Kom og vær med, hvis det lyder som noget for dig.",
    "Spørg mig gerne, hvordan det er i virkeligheden.",
    "Den slags står ikke i en stillingsannonce.",
    "Jeg ville ønske, at flere vidste det.",
    "Og ja, kaffen var kold bagefter.",
    "Det gør mig glad at tænke på.",
)
ANSWERS = (
    "Min kollega Bente viste mig, at man skal banke på to gange og så vente. Den anden gang er for at høre, om nogen synger. Det lyder skørt, men man ved straks, hvilken dag det er.",
    "Vi byttede ruter i tirsdags, fordi snevejret kom før tid. Jeg lærte tre gader, jeg troede, jeg kendte, og at der bor en mand på hjørnet, som har kaffe klar kl. 4.",
    "En elev forklarede mig, hvordan man folder en papirflyver, der kan vende. Vi brugte resten af timen på at finde ud af hvorfor. Det var den bedste fysiktime i år.",
)

# What managers of Fjordby thank for, by department: what somebody did, and what it led to. All go together.
DEEDS = {
    "health": (
        "Du blev en time længere fredag og hjalp den nye vikar i gang på ruten i Havnekvarteret.",
        "Du opdagede, at den nye vagtplan ramte en borger skævt, og ringede til tre kolleger, før nogen bad dig om det.",
        "Du satte dig ned hos fru Madsen, selv om planen sagde fem minutter, og hørte, hvad hun egentlig var bange for.",
        "Du fandt den fejl i medicinlisten, som fire af os havde kigget på uden at se den.",
        "Du tog eleven med på det svære besøg og lod hende selv banke på.",
        "Du samlede op efter nattevagten uden at gøre et nummer ud af, hvad der manglede.",
        "Du sagde højt på mødet, at vi lover mere, end vi kan nå.",
    ),
    "children": (
        "Du tog brøkerne med ud i skoven og delte opskriften med tre andre klasser.",
        "Du gik efter drengen, da han løb, og ventede ved hegnet, til han selv ville ind igen.",
        "Du skrev til hver eneste forælder efter turen, med én god ting om deres barn.",
        "Du gav din egen forberedelse væk, så den nye kunne komme godt gennem sin første uge.",
        "Du lod børnene bestemme ruten, også da det blev mudret.",
        "Du holdt fast i, at vi skulle spørge eleverne, før vi flyttede om på bordene.",
    ),
    "city": (
        "Du kørte ud kl. 4 og lagde grus ved skolen, før nogen nåede at ringe.",
        "Du viste lærlingen, hvordan man hører på pumpen i stedet for at læse på skærmen.",
        "Du gravede rørene fri med håndkraft, fordi rødderne skulle blive.",
        "Du stoppede arbejdet, da skiltet manglede, og tog snakken med entreprenøren.",
        "Du lavede en liste over de ti bænke, som ingen havde tid til, og fik dem lavet.",
        "Du ringede til beboeren, før vi spærrede vejen, og aftalte, hvor bilen kunne stå.",
    ),
    "citizens": (
        "Du fulgte en ældre mand gennem hele ansøgningen, uden at han fik følelsen af at være til besvær.",
        "Du åbnede en halv time før, da du så køen i regnvejret.",
        "Du spurgte Kim, om han ville prøve at lytte til bogen, og lod være med at spørge hvorfor.",
        "Du skrev brevet om til noget, man kan forstå, og fik juristen med på det.",
        "Du lavede mad af det, der var tilbage, og skrev vægten på døren.",
        "Du tog telefonen i de ti minutter, hvor alle andre var gået til møde.",
    ),
}
EFFECTS = (
    "Morgenen blev, som den plejer at være, og det var der ingen af os, der troede.",
    "I går var der en, der ringede for at sige tak, og det var ikke til mig.",
    "Resten af holdet er begyndt at gøre det samme.",
    "Vi har ikke haft en eneste klage siden.",
    "Den nye kom tilbage mandag og sagde, at hun gerne vil blive.",
    "Det gav os et kvarter hver morgen, som vi bruger på hinanden.",
    "Jeg lærte noget af at se på, og det gjorde de andre også.",
    "Det er den slags, der ikke står i noget regnskab, men som alle kan mærke.",
)
