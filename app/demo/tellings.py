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
