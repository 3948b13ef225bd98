"""What a clerk types for the dossiers of the benchmarks. Bare of Django: the browsers of the load test use it too."""

RENEWAL = {
    "kind": "person",
    "id_number": "099174003312",
    "name": "Phùng Thị Ngát",
    "birth_date": "14/06/1974",
    "phone": "0900 555 018",
    "address": "thôn Đồng Vừng, xã Tân Lộc, tỉnh Yên Giang",
    "form-parcel": "116",
    "form-sheet": "24",
    "form-commune": "xã Tân Lộc",
    "form-area": "312,5",
    "form-certificate_serial": "DK 248032",
    "form-reason": "damaged",
    "paper-application-in": "yes",
    "paper-certificate-in": "yes",
}
