"""Who and what Fjordby Kommune is. Texts come as (Danish, English)."""

NAME = ("Fjordby Kommune", "Fjordby Council")
PROMISE = (
    "Vi viser hverdagen, så flere får lyst til at arbejde i Fjordby.",
    "We show everyday work, so more people want to join Fjordby.",
)
DISCLOSURE = ("Jeg arbejder i Fjordby Kommune", "I work for Fjordby Council")
PURPOSES = {
    "trainees": ("40 elever til februar", "40 trainees by February"),
    "neighbours": ("Byen skal kende sine medarbejdere", "The town should know its people"),
    "school": ("Flere vælger folkeskolen", "More families choose our schools"),
}
VALUES = (("Ordentlighed", "Decency"), ("Nysgerrighed", "Curiosity"), ("Fællesskab", "Togetherness"), ("Mod", "Courage"))
# key: (name, icon)
TOPICS = {
    "care": (("Omsorg", "Care"), "care"),
    "school": (("Skole", "Schools"), "school"),
    "climate": (("Klima", "Climate"), "leaf"),
    "roads": (("Veje og drift", "Roads"), "bike"),
    "culture": (("Kultur", "Culture"), "book"),
}
# key: (name, department, share of the people, topic its people often follow)
DEPARTMENTS = {
    "health": ("Sundhed og omsorg", "Health and care"),
    "children": ("Børn og skole", "Children and schools"),
    "city": ("By og miljø", "City and environment"),
    "citizens": ("Borgere og kultur", "Citizens and culture"),
}
TEAMS = {
    "north": (("Hjemmepleje Nord", "Home Care North"), "health", 38, "care"),
    "south": (("Hjemmepleje Syd", "Home Care South"), "health", 26, "care"),
    "egehoj": (("Plejecenter Egehøj", "Egehøj Care Home"), "health", 22, "care"),
    "forest": (("Skovskolen", "Forest School"), "children", 20, "school"),
    "nursery": (("Skovbørnehaven", "Forest Nursery"), "children", 12, "school"),
    "music": (("Kulturskolen", "School of Arts"), "children", 9, "culture"),
    "parks": (("Park og Natur", "Parks"), "city", 16, "climate"),
    "roads": (("Veje", "Roads"), "city", 14, "roads"),
    "property": (("Ejendomme", "Property"), "city", 11, "climate"),
    "library": (("Bibliotekerne", "Libraries"), "citizens", 14, "culture"),
    "service": (("Borgerservice", "Citizen Service"), "citizens", 12, "culture"),
    "kitchen": (("Rådhuskøkkenet", "Town Hall Kitchen"), "citizens", 8, "climate"),
}
TITLES = {
    "health": (("Social- og sundhedsassistent", "Care assistant"), ("Sygeplejerske", "Nurse"), ("Ergoterapeut", "Occupational therapist")),
    "children": (("Lærer", "Teacher"), ("Pædagog", "Childcare worker"), ("Pædagogisk assistent", "Childcare assistant")),
    "city": (("Gartner", "Gardener"), ("Specialarbejder", "Road worker"), ("Ingeniør", "Engineer")),
    "citizens": (("Bibliotekar", "Librarian"), ("Sagsbehandler", "Case officer"), ("Ernæringsassistent", "Catering assistant")),
}
# key: (name, title, team or department, avatar, facts). These have a password, and it is printed at start.
CAST = {
    "anna": ("Anna Holm", ("Social- og sundhedsassistent", "Care assistant"), "north", "mette", {}),
    "mads": ("Mads Toft", ("Teamleder", "Team manager"), "north", "kasper", {"is_manager": True}),
    "karen": ("Karen Lund", ("Kommunikationskonsulent", "Communications officer"), "citizens", "lone", {"curates_for": "communications"}),
    "henrik": ("Henrik Bro", ("HR-konsulent", "HR officer"), "citizens", "jens", {"curates_for": "hr"}),
    "birgit": ("Birgit Dam", ("Kulturchef", "Head of culture"), "citizens", "birgit", {"is_leader": True, "is_manager": True}),
    "astrid": ("Astrid Friis", ("Systemadministrator", "System administrator"), "citizens", "sofie", {"is_admin": True}),
    "omar": ("Omar Aziz", ("Bibliotekar", "Librarian"), "library", "amir", {}),
    "liv": ("Liv Sand", ("Elev", "Trainee"), "north", "fatima", {"new": True}),
}
LEADERS = {
    "lone": ("Lone Krag", ("Kommunaldirektør", "Chief executive"), "citizens", "lone"),
    "jens": ("Jens Thorup", ("Skolechef", "Head of schools"), "children", "jens"),
}
FIRST_NAMES = (
    "Aisha Alma Amir Anders Anne Anton Asger Astrid Ayse Bente Birthe Bo Camilla Carl Cecilie Dagmar Daniel Ditte Ebbe Elif Ellen "
    "Emil Emma Erik Esben Fatima Finn Frederik Freja Gitte Gustav Hanne Hans Hassan Helle Henriette Ida Inge Iman Jakob Jan "
    "Jeppe Johanne Jonas Josefine Karin Karl Kasper Katrine Kim Kirsten Lars Laura Leif Lene Line Lise Louise Lærke Magnus Maja "
    "Malthe Maria Marie Martin Mehmet Merete Mette Michael Mikkel Mona Morten Nadia Niels Nina Noor Ole Omar Pernille Peter Pia "
    "Poul Rasmus Rikke Rune Samira Sanne Signe Simon Sofie Stine Susanne Søren Tanja Thea Thomas Tina Tobias Torben Tove Trine "
    "Ulla Viggo Yasmin Zainab Åse Øjvind"
).split()
LAST_NAMES = (
    "Abdi Agerskov Ahmed Andersen Bach Bang Berg Bisgaard Bjerre Boisen Borup Brandt Bruun Bundgaard Carlsen Christensen Clausen "
    "Dahl Dam Demir Duus Eriksen Fischer Frandsen Friis Frost Gade Gravesen Gregersen Hald Hansen Hasan Haugaard Hedegaard Hjort "
    "Holm Holst Hussein Ibsen Iversen Jacobsen Jensen Jespersen Johansen Juhl Jørgensen Kaya Kjær Klausen Knudsen Koch Kragh "
    "Krogh Kruse Lassen Laursen Lind Lorentzen Lund Madsen Mikkelsen Munk Mølgaard Møller Nielsen Nygaard Olesen Overgaard "
    "Petersen Poulsen Quist Rahimi Rask Ravn Riis Schou Simonsen Skov Steffensen Storm Svendsen Søgaard Thomsen Toft Vestergaard "
    "Vinther Winther Yilmaz Østergaard Aagaard"
).split()
QUESTIONS = (
    ("Hvad lærte du af en kollega i denne uge?", "What did a colleague teach you this week?"),
    ("Hvad ser borgerne aldrig, når I gør jeres arbejde?", "What do residents never see of your work?"),
    ("Hvornår grinede I sidst på arbejdet?", "When did you last laugh at work?"),
    ("Hvad ville du have vidst på din første dag?", "What would you have liked to know on your first day?"),
    ("Hvem gjorde din dag lettere i går?", "Who made your day easier yesterday?"),
    ("Hvad er det mærkeligste, der ligger i din bil eller taske?", "What is the oddest thing in your van or bag?"),
    ("Hvilken lille ting gør en stor forskel hos jer?", "Which small thing makes a big difference with you?"),
    ("Hvornår ændrede du mening om noget på arbejdet?", "When did you change your mind about something at work?"),
    ("Hvad er du blevet god til, som ikke står i dit eksamensbevis?", "What have you become good at that no diploma mentions?"),
    ("Hvad gjorde I anderledes i år end sidste år?", "What did you do differently this year?"),
)
HINT = ("Tre sætninger er nok. Redaktionen hjælper, hvis du vil.", "Three sentences will do. The editors help if you like.")
